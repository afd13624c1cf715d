/** The commands there are. What one is in full stands in its file, which is loaded only when it is asked for. */
import type { Define } from '../options.ts';

export interface CommandEntry {
  readonly name: string;
  /** What it does, in the list of commands and in its own help. */
  readonly about: string;
  readonly load: () => Promise<{ readonly define: Define }>;
}

/** In the order of the list. */
export const commands: readonly CommandEntry[] = [
  {
    name: 'check',
    about:
      'explore a revision in a scenario: do the properties hold, or what is the shortest counterexample?',
    load: () => import('./check.ts'),
  },
  {
    name: 'ablate',
    about: 'leave out each rule in turn: which properties break that hold with it, and how soon?',
    load: () => import('./ablate.ts'),
  },
  {
    name: 'compare',
    about:
      'compare two revisions, or one under two settings: which verdicts differ, and what can each do that the other cannot?',
    load: () => import('./compare.ts'),
  },
  {
    name: 'synthesise',
    about: 'find the settings for which a property holds, or several at once',
    load: () => import('./synthesise.ts'),
  },
  {
    name: 'new',
    about: "write a revision of one's own to begin with, where there is no file yet",
    load: () => import('./new.ts'),
  },
  {
    name: 'merge',
    about: 'join the --json results of all shards of check, ablate or synthesise into the whole answer',
    load: () => import('./merge.ts'),
  },
  {
    name: 'simulate',
    about:
      'take random walks far beyond what can be explored: is some safety property violated on one of them?',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'generate',
    about: 'write traces of random runs of a revision, as seen by somebody (JSON Lines of events)',
    load: () => import('./generate.ts'),
  },
  {
    name: 'validate',
    about: 'judge captures and event files against the specification',
    load: () => import('./validate.ts'),
  },
  {
    name: 'import',
    about: 'turn a capture, a log or output of other tools into JSON Lines of our schema',
    load: () => import('./import.ts'),
  },
  {
    name: 'prove',
    about:
      'prove properties for all numbers, with Z3, over the relation derived from the functions of a revision',
    load: () => import('./prove.ts'),
  },
  {
    name: 'rules',
    about: 'list the rules: id, level, section, what they say; or the clauses that they embody',
    load: () => import('./rules.ts'),
  },
  {
    name: 'properties',
    about: 'list the properties',
    load: () => import('./list.ts'),
  },
  {
    name: 'scenarios',
    about: 'list the scenarios with their sizes, and the settings',
    load: () => import('./list.ts'),
  },
  {
    name: 'revisions',
    about: 'list the revisions',
    load: () => import('./list.ts'),
  },
  {
    name: 'explain',
    about:
      'a rule, property, setting, scenario or revision in plain words; of rules and properties with an example',
    load: () => import('./explain.ts'),
  },
  {
    name: 'example',
    about: 'the examples of RFC 6311 and of the slides, drawn from the model: which readings lead to them',
    load: () => import('./example.ts'),
  },
  {
    name: 'schema',
    about: 'print the JSON Schema of the events, or of what a command prints with --json',
    load: () => import('./schema.ts'),
  },
  {
    name: 'report',
    about: 'write everything as one static site',
    load: () => import('./report.ts'),
  },
  {
    name: 'overview',
    about: 'check all revisions in all scenarios, judge the shipped traces, prove: one summary',
    load: () => import('./overview.ts'),
  },
];
