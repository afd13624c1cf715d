/** The commands there are. What one is in full stands in its file, which is loaded only when it is asked for. */
import type { Define } from '../options.ts';

export interface CommandEntry {
  readonly name: string;
  /** What it does, in the list of commands and in its own help. */
  readonly about: string;
  /** The heading that it stands under in the list. */
  readonly group: string;
  /** Two or three command lines to begin with, without the name of the program. */
  readonly examples: readonly string[];
  readonly load: () => Promise<{ readonly define: Define }>;
}

const ASK = 'Ask of a text:';
const WRITE = "Write one of one's own:";
const JUDGE = 'Judge what was captured:';
const LOOK_UP = 'Look something up:';
const MORE = 'More:';

/** In the order of the list, in each of its groups. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'check',
    about:
      'explore a revision in a scenario: do the properties hold, or what is the shortest counterexample?',
    group: ASK,
    examples: [
      'check ikev2 --scenario single-failover',
      'check rfc6311 --without RFC6311-5.1-DROP-STALE --property sync-request-once',
      'check my-draft.ts --scenario replay --html replay.html',
      'check --watch my-draft.ts',
    ],
    load: () => import('./check.ts'),
  },
  {
    name: 'ablate',
    about: 'leave out each rule in turn: which properties break that hold with it, and how soon?',
    group: ASK,
    examples: [
      'ablate rfc6311 --scenario single-failover',
      'ablate my-draft.ts --property recovery-possible',
    ],
    load: () => import('./ablate.ts'),
  },
  {
    name: 'compare',
    about:
      'compare two revisions, or one under two settings: which verdicts differ, and what can each do that the other cannot?',
    group: ASK,
    examples: [
      'compare ipsecha-01 rfc6311 --scenario replay',
      'compare rfc6311 --set stale-sync=drop --with rfc6311 --set stale-sync=answer-from-cache',
      'compare my-draft.ts rfc6311 --markdown',
    ],
    load: () => import('./compare.ts'),
  },
  {
    name: 'synthesise',
    about: 'find the settings for which a property holds, or several at once',
    group: ASK,
    examples: [
      'synthesise rfc6311 --property recovery-possible --over bump=0..3 --scenario single-failover',
      'synthesise rfc6311 --property recovery-possible --over bump=0..3,lag=1..3 --set state-sync=periodic --scenario single-failover',
    ],
    load: () => import('./synthesise.ts'),
  },
  {
    name: 'new',
    about: "write a revision of one's own to begin with, where there is no file yet",
    group: WRITE,
    examples: ['new my-draft.ts', 'new my-draft.ts --from three-message-sync'],
    load: () => import('./new.ts'),
  },
  {
    name: 'merge',
    about: 'join the --json results of all shards of check, ablate or synthesise into the whole answer',
    group: ASK,
    examples: ['merge 1.json 2.json 3.json'],
    load: () => import('./merge.ts'),
  },
  {
    name: 'simulate',
    about:
      'take random walks far beyond what can be explored: is some safety property violated on one of them?',
    group: ASK,
    examples: [
      'simulate rfc6311 --scenario multiple-failover --set requests=100 --time 20',
      'simulate my-draft.ts --scenario replay --seed 7',
    ],
    load: () => import('./simulate.ts'),
  },
  {
    name: 'generate',
    about: 'write traces of random runs of a revision, as seen by somebody (JSON Lines of events)',
    group: JUDGE,
    examples: ['generate rfc6311 -o traces', 'generate rfc6311 --mutations'],
    load: () => import('./generate.ts'),
  },
  {
    name: 'validate',
    about: 'judge captures and event files against the specification',
    group: JUDGE,
    examples: [
      'validate your.pcap --keys keys.csv',
      'validate tap-a.pcap tap-b.pcap member-b.log --role 10.0.0.1=peer',
      'validate --follow - < pipe',
    ],
    load: () => import('./validate.ts'),
  },
  {
    name: 'import',
    about: 'turn a capture, a log or output of other tools into JSON Lines of our schema',
    group: JUDGE,
    examples: ['import your.pcap -o events.jsonl', 'import charon.log'],
    load: () => import('./import.ts'),
  },
  {
    name: 'prove',
    about:
      'prove properties for all numbers, with Z3, over the relation derived from the functions of a revision',
    group: ASK,
    examples: [
      'prove rfc6311',
      'prove rfc6311 --property sync-response-fresh --without RFC6311-5.1-NONCE-CHECK',
    ],
    load: () => import('./prove.ts'),
  },
  {
    name: 'rules',
    about: 'list the rules: id, level, section, what they say; or the clauses that they embody',
    group: LOOK_UP,
    examples: ['rules', 'rules --coverage'],
    load: () => import('./rules.ts'),
  },
  {
    name: 'properties',
    about: 'list the properties',
    group: LOOK_UP,
    examples: ['properties --json'],
    load: () => import('./list.ts'),
  },
  {
    name: 'scenarios',
    about: 'list the scenarios with their sizes, and the settings',
    group: LOOK_UP,
    examples: ['scenarios'],
    load: () => import('./list.ts'),
  },
  {
    name: 'revisions',
    about: 'list the revisions',
    group: LOOK_UP,
    examples: ['revisions'],
    load: () => import('./list.ts'),
  },
  {
    name: 'explain',
    about:
      'a rule, property, setting, scenario or revision in plain words; of rules and properties with an example',
    group: LOOK_UP,
    examples: ['explain RFC6311-5.1-DROP-STALE', 'explain stale-sync', 'explain answered from a cache'],
    load: () => import('./explain.ts'),
  },
  {
    name: 'example',
    about: 'the examples of RFC 6311 and of the slides, drawn from the model: which readings lead to them',
    group: LOOK_UP,
    examples: ['example A.2', 'example A.2 --svg a2.svg'],
    load: () => import('./example.ts'),
  },
  {
    name: 'schema',
    about: 'print the JSON Schema of the events, or of what a command prints with --json',
    group: MORE,
    examples: ['schema check', 'schema events'],
    load: () => import('./schema.ts'),
  },
  {
    name: 'completion',
    group: MORE,
    examples: ['completion bash', 'completion fish'],
    about: 'print a script that completes commands, options and names in bash, zsh or fish',
    load: () => import('./completion.ts'),
  },
  {
    name: 'report',
    about: 'write everything as one static site',
    group: MORE,
    examples: ['report -o site'],
    load: () => import('./report.ts'),
  },
  {
    name: 'overview',
    about: 'check all revisions in all scenarios, judge the shipped traces, prove: one summary',
    group: MORE,
    examples: ['overview'],
    load: () => import('./overview.ts'),
  },
];
