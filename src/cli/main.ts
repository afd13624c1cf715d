/** The command line: what there is. What a command does is in `commands/`, loaded only when it is asked for. */
import { createRequire } from 'node:module';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { REDUCTIONS, type ReductionName } from '../explore/options.ts';
import { type Shard, shardOf } from '../questions/shard.ts';
import { UsageError } from '../questions/usage-error.ts';
import { NO_ROLES, type Roles, withRole } from '../traces/roles.ts';
import { NO_PORTS } from '../traces/sources/capture/ports.ts';
import { decodeAs } from './decode-as.ts';
import { endIn, watchEndings } from './ending.ts';
import { EXIT, type Exit } from './exit.ts';
import { printText, say, sayLines } from './out.ts';

/** Formats of traces, as in `traces/sources/format.ts`, which is not loaded for the sake of a list. */
export const FORMATS = [
  ...['pcap', 'jsonl', 'tshark-json', 'tshark-ek'],
  ...['charon', 'cisco', 'fortios', 'iked', 'ikemgr', 'pluto', 'tcpdump', 'xfrm'],
];

const { version } = createRequire(import.meta.url)('ipsecha/package.json') as { readonly version: string };

/** Runs the command line and sets the exit status. Errors that a user can mend are said in a few lines. */
export async function main(argv: readonly string[]): Promise<void> {
  watchEndings(explain);
  try {
    await program().parseAsync([...argv]);
  } catch (error) {
    const status = explain(error);
    await showRun(error);
    endIn(status);
  }
}

/** Adds a reduction to those that are not to be made. */
function reduction(name: string, others: readonly ReductionName[]): readonly ReductionName[] {
  const found = REDUCTIONS.find((each) => each === name);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${REDUCTIONS.join(', ')}.`);
  return [...others, found];
}

/** Adds a hint about an address. */
function role(hint: string, others: Roles): Roles {
  const roles = withRole(others, hint);
  if ('reason' in roles) throw new InvalidArgumentError(roles.reason);
  return roles.value;
}

function program(): Command {
  const ipsecha = new Command('ipsecha')
    .description(
      'Executable specification and reference verifier for IKEv2/IPsec high availability (RFC 6311)',
    )
    .version(version)
    .showHelpAfterError('(ipsecha --help shows what there is)')
    .configureOutput({ writeOut: printText, writeErr: sayLines })
    .exitOverride();

  ipsecha
    .command('check')
    .description(
      'explore a revision in a scenario: do the properties hold, or what is the shortest counterexample?',
    )
    .argument('[revision...]', 'revisions to check, by name or as files (all shipped ones, if none is named)')
    .option('--scenario <name>', 'scenario to explore; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large').choices(['small', 'medium', 'large']).default('small'),
    )
    .option('--property <id>', 'property to check; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenario; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option(
      '--weakest',
      'for each violated property: the weakest network, the fewest failovers, members, requests ... that break it',
    )
    .option('--workers <n>', WORKERS, whole(1, MOST_WORKERS))
    .option(
      '--memory <GiB>',
      'end each exploration (inconclusive) before it takes more memory (4/5 of what is free)',
      positive,
    )
    .option('--time <seconds>', 'end each exploration (inconclusive) after this time', positive)
    .option('--shard <i/n>', SHARD, shard)
    .option(
      '--checkpoint <file>',
      'write where the exploration stands, once a minute and when it ends early (one revision in one scenario)',
    )
    .option('--resume <file>', 'go on from a checkpoint of the same exploration')
    .addOption(
      new Option(
        '--no-reduction <name>',
        'visit also what makes no difference: states that differ only in which member is which (symmetry), or in messages that nobody reacts to any more (dead-messages); may be repeated',
      )
        .argParser(reduction)
        .default([]),
    )
    .option(
      '--hash-compaction',
      'keep 64 bits of each state: less memory, but states can be left out, so nothing is said to hold; tells how likely that is',
    )
    .option('--stats', 'print all figures of the exploration')
    .option('--json', 'print one JSON document')
    .option('--junit <file>', 'write JUnit XML: a case for each property')
    .option('--sarif <file>', 'write SARIF 2.1.0')
    .addHelpText('after', `${WEAKEST}\n${PROGRAM}`)
    .action(
      run(async (revisions: readonly string[], options) =>
        (await import('./commands/check.ts')).run(revisions, options),
      ),
    );

  exploring(
    ipsecha
      .command('ablate')
      .description('leave out each rule in turn: which properties break that hold with it, and how soon?')
      .argument('<revision>', 'name of a revision, or a file that exports one'),
  )
    .option('--property <id>', 'property to look at; may be repeated (all, if none is named)', collect, [])
    .option('--shard <i/n>', SHARD, shard)
    .addHelpText('after', '\nEnds in 0 if everything was explored, in 3 if something is inconclusive.')
    .action(
      run(async (revision: string, options) => (await import('./commands/ablate.ts')).run(revision, options)),
    );

  exploring(
    ipsecha
      .command('compare')
      .description(
        'compare two revisions: which verdicts differ, and what can each do that the other cannot?',
      )
      .argument('<revision>', 'name of a revision, or a file that exports one')
      .argument('<other>', 'the one to compare it with'),
  )
    .option('--property <id>', 'property to compare; may be repeated (all, if none is named)', collect, [])
    .option(
      '--ignore <field>',
      'field of messages not to look at in behaviours, as failoverCount; may be repeated',
      collect,
      [],
    )
    .addHelpText(
      'after',
      `
Behaviours are compared as somebody sees them who watches every box and the wire: which box does what (makes a
request, takes a message, copies its state, fails, takes over ...), with which contents of the messages that it takes
and sends. For each direction a shortest run is looked for whose last step the other revision cannot do, in the same
scenario and with the same settings. --ignore leaves a field of messages out of sight.
A setting that means something to only one of the two is given to that one.
Ends in 0 if neither verdicts nor behaviours differ, in 1 if any does, in 3 if what is known does not tell.`,
    )
    .action(
      run(async (revision: string, other: string, options) =>
        (await import('./commands/compare.ts')).run(revision, other, options),
      ),
    );

  exploring(
    ipsecha
      .command('synthesise')
      .description('find the settings for which a property holds')
      .argument('<revision>', 'name of a revision, or a file that exports one')
      .requiredOption('--property <id>', 'the property')
      .requiredOption(
        '--over <settings>',
        'what to sweep: bump=0..6,members=2..4 or state-sync=any|never or retry=* (all values)',
      ),
  )
    .option('--shard <i/n>', SHARD, shard)
    .addHelpText(
      'after',
      '\nEnds in 0 if every combination was decided, whether it holds or not; in 3 if some was not.',
    )
    .action(
      run(async (revision: string, options) =>
        (await import('./commands/synthesise.ts')).run(revision, options),
      ),
    );

  ipsecha
    .command('new')
    .description("write a revision of one's own to begin with, where there is no file yet")
    .argument('<file>', 'TypeScript file to write, as my-draft.ts')
    .option(
      '--from <example>',
      'what to begin with: an example of docs/examples by its name',
      'template-revision',
    )
    .addHelpText(
      'after',
      '\nThe template has every slot, filled as RFC 6311 has it. Ends in 2, and writes nothing, if the file is there already.',
    )
    .action(run(async (file: string, options) => (await import('./commands/new.ts')).run(file, options)));

  ipsecha
    .command('merge')
    .description('join the --json results of all shards of check, ablate or synthesise into the whole answer')
    .argument('<file...>', 'one file for each shard')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nPrints what the command would have printed without --shard, and ends in the same status.\nRefuses (2) if a job is missing or there twice, and what is not of one question and one version.',
    )
    .action(
      run(async (files: readonly string[], options) =>
        (await import('./commands/merge.ts')).run(files, options),
      ),
    );

  ipsecha
    .command('simulate')
    .description(
      'take random walks far beyond what can be explored: is some safety property violated on one of them?',
    )
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .option('--scenario <name>', 'scenario to walk in; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large, before --set')
        .choices(['small', 'medium', 'large'])
        .default('large'),
    )
    .option('--property <id>', 'property to watch; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenarios; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option('--seed <number>', 'the same seed makes the same walks', whole(0, 0xffff_ffff), 1)
    .option('--depth <steps>', 'steps of a walk at most', whole(1, 1_000_000), 200)
    .option('--walks <number>', 'walks in each scenario at most', whole(1, Number.MAX_SAFE_INTEGER))
    .option('--time <seconds>', 'time for each scenario (5, if walks are not limited either)', positive)
    .option('--replay <path>', 'follow a path that an earlier simulation told, instead of walking')
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      '\nEnds in 1 if a property is violated, else in 3: walks never tell that a property holds.',
    )
    .action(
      run(async (revision: string, options) =>
        (await import('./commands/simulate.ts')).run(revision, options),
      ),
    );

  ipsecha
    .command('generate')
    .description('write traces of random runs of a revision, as seen by somebody (JSON Lines of events)')
    .argument('<revision>', 'name of a revision, or a file that exports one')
    .option('-o, --output <file>', 'file to write to (the standard output, if none is named)')
    .option('--scenario <name>', 'scenario to walk in (the first, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the scenario; may be repeated', collect, [])
    .option('--seed <number>', 'the same seed makes the same traces', whole(0, 0xffff_ffff), 1)
    .option(
      '--walks <number>',
      'runs, each an IKE SA of its own (1; with --mutations 10)',
      whole(1, 1_000_000),
    )
    .option('--steps <number>', 'steps of a run at most', whole(1, 100_000), 60)
    .addOption(
      new Option('--observe <who>', 'who sees it')
        .choices(['all', 'wire', 'peer-tap', 'cluster-tap', 'random'])
        .default('wire'),
    )
    .option('--mutations', 'put faults into traces instead, and show which of them `validate` catches')
    .option('--json', 'with --mutations: print one JSON document')
    .addHelpText(
      'after',
      '\nWith --mutations, ends in 1 if a fault is not told rightly and no reason for it is known.',
    )
    .action(
      run(async (revision: string, options) =>
        (await import('./commands/generate.ts')).run(revision, options),
      ),
    );

  ipsecha
    .command('validate')
    .description('judge captures and event files against the specification')
    .argument(
      '<file...>',
      "captures (pcap, pcapng), JSON Lines of events, tshark's JSON, charon's log, output of ip xfrm, each compressed or not; folders of them; '-' reads standard input",
    )
    .option('--revision <revision>', 'the text to judge by: a name, or a file that exports one', 'rfc6311')
    .option(
      '--keys <file>',
      "Wireshark's ikev2_decryption_table or esp_sa rows; may be repeated (keys.csv beside the capture, if none is named)",
      collect,
      [],
    )
    .addOption(
      new Option('--format <format>', 'what the files are (told by their contents, if not named)').choices(
        FORMATS,
      ),
    )
    .option(
      '--each',
      'judge each file for itself, even if several tell of one run, and whatever becomes of others',
    )
    .option('--decode-as <port>', DECODE_AS, decodeAs, NO_PORTS)
    .option(
      '--role <address=role>',
      'who has an address: a peer (a single box, which never fails over) or a cluster; initiator or responder, for a log that does not tell; may be repeated',
      role,
      NO_ROLES,
    )
    .option(
      '--complete',
      'nothing is missing in what was observed: without this, what a message that was not captured would explain is no violation',
    )
    .option(
      '--annotations',
      'say findings as annotations of GitHub, on standard error (by default if GITHUB_ACTIONS is true)',
    )
    .option('--no-annotations', 'do not, even there')
    .option(
      '--follow',
      'judge one file, pipe or - as it comes, for days if need be: tell a finding as soon as it is certain, whatever weakens it later, and the verdict when the pipe ends or on Ctrl-C',
    )
    .option('--json', 'print one JSON document; with --follow, a line of JSON for each thing that is told')
    .option('--markdown', 'print Markdown')
    .option('--junit <file>', 'write JUnit XML: a case for each rule')
    .option('--sarif <file>', 'write SARIF 2.1.0')
    .option('--html <file>', 'write one page with charts of all findings')
    .action(
      run(async (files: readonly string[], options) =>
        (await import('./commands/validate.ts')).run(files, options),
      ),
    );

  ipsecha
    .command('import')
    .description('turn a capture, a log or output of other tools into JSON Lines of our schema')
    .argument('<file...>', "what validate takes, several if they are of one run; '-' reads standard input")
    .option('-o, --output <file>', 'file to write (standard output, if none is named)')
    .option('--keys <file>', 'as for validate; may be repeated', collect, [])
    .option('--decode-as <port>', DECODE_AS, decodeAs, NO_PORTS)
    .addOption(
      new Option('--format <format>', 'what the file is (told by its contents, if not named)').choices(
        FORMATS,
      ),
    )
    .addHelpText('after', '\nEnds in 0 if all was read, in 2 if the file is cut off or unreadable.')
    .action(
      run(async (files: readonly string[], options) =>
        (await import('./commands/import.ts')).run(files, options),
      ),
    );

  ipsecha
    .command('prove')
    .description(
      'prove properties for all numbers, with Z3, over the relation derived from the functions of a revision',
    )
    .argument(
      '[revision...]',
      'revisions, by name or as files (rfc6311, if none is named); or ids of obligations',
    )
    .option('--property <id>', 'property to prove; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the proof; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option('--assume <id>', 'what to assume instead; may be repeated; none: nothing', collect, [])
    .option('--certificate <file>', 'write what anyone needs to make the proofs again, and compare')
    .option('--check <file>', 'make the proofs of a certificate again, and compare')
    .option('--time <seconds>', 'time limit: for each question of a proof, for each obligation', positive)
    .option('--json', 'print one JSON document')
    .action(
      run(async (names: readonly string[], options) =>
        (await import('./commands/prove.ts')).run(names, options),
      ),
    );

  ipsecha
    .command('rules')
    .description('list the rules: id, level, section, what they say; or the clauses that they embody')
    .option('--coverage', 'list each clause of the texts, with its rules or why it has none')
    .option('--json', 'print one JSON document')
    .action(
      run(async ({ coverage, ...options }) =>
        coverage === true
          ? (await import('./commands/coverage.ts')).run(options)
          : (await import('./commands/list.ts')).run('rules', options),
      ),
    );

  for (const [name, about] of [
    ['properties', 'list the properties'],
    ['scenarios', 'list the scenarios with their sizes, and the settings'],
    ['revisions', 'list the revisions'],
  ] as const) {
    ipsecha
      .command(name)
      .description(about)
      .option('--json', 'print one JSON document')
      .action(run(async (options) => (await import('./commands/list.ts')).run(name, options)));
  }

  ipsecha
    .command('explain')
    .description(
      'a rule, property, setting, scenario or revision in plain words; of rules and properties with an example',
    )
    .argument('<name>', 'id of a rule or a property, or name of a setting, scenario or revision')
    .option('--no-example', 'look for no example')
    .option('--time <seconds>', 'end each exploration for an example after this time', positive, 10)
    .option('--memory <GiB>', 'end each exploration at this much memory', positive)
    .option('--json', 'print one JSON document')
    .addHelpText(
      'after',
      `
The example of a rule is a shortest counterexample without it, in the first scenario where something breaks that
holds with it; if there is none, a shortest run in which it shapes a step. That of a property is a shortest run that
breaks it in some revision, or in one without a rule that is there for it. Each search is over after three times the
time of one exploration.`,
    )
    .action(run(async (name: string, options) => (await import('./commands/explain.ts')).run(name, options)));

  ipsecha
    .command('example')
    .description(
      'the examples of RFC 6311 and of the slides, drawn from the model: which readings lead to them',
    )
    .argument('[id]', 'an example (a list of all, if none is named)')
    .option('--json', 'print one JSON document')
    .action(
      run(async (id: string | undefined, options) =>
        (await import('./commands/example.ts')).run(id, options),
      ),
    );

  ipsecha
    .command('schema')
    .description('print the JSON Schema of the events, or of what a command prints with --json')
    .argument(
      '<name>',
      'events, check, ablate, compare, synthesise, simulate, generate, explain, example, validate or prove',
    )
    .action(run(async (name: string) => (await import('./commands/schema.ts')).run(name)));

  ipsecha
    .command('report')
    .description('write everything as one static site')
    .requiredOption('-o, --output <dir>', 'folder to write to')
    .action(run(async (options) => (await import('./commands/report.ts')).run(options)));

  ipsecha
    .command('overview')
    .description('check all revisions in all scenarios, judge the shipped traces, prove: one summary')
    .option('--json', 'print one JSON document')
    .action(run(async (options) => (await import('./commands/overview.ts')).run(options)));

  return ipsecha;
}

/** The options of the commands that explore many times. */
const exploring = (command: Command): Command =>
  command
    .option('--scenario <name>', 'scenario to explore; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large').choices(['small', 'medium', 'large']).default('small'),
    )
    .option('--set <key=value>', 'change a setting of the scenarios; may be repeated', collect, [])
    .option('--workers <n>', WORKERS, whole(1, MOST_WORKERS))
    .option('--time <seconds>', 'end each exploration (inconclusive) after this time', positive, 30)
    .option('--memory <GiB>', 'end each exploration (inconclusive) at this much memory', positive)
    .option('--json', 'print one JSON document');

const DECODE_AS =
  'a further port that carries IKE and ESP, as udp.port=4501 or tcp.port=4501; may be repeated';

const WORKERS = 'threads for each exploration that is large (1); what is found does not depend on it';
const MOST_WORKERS = 17;
const SHARD = 'explore only every N-th job, from the I-th on; merge joins the results (docs/sharding.md)';

const WEAKEST = `
--time and --memory bound each exploration, not the whole command. With --weakest each has 30 s, if --time says
nothing else.
--weakest begins with the settings in which the property is violated, and weakens one after the other: network
(reliable < fifo < no-replay < adversarial), failovers, members, requests, packets, peer-failovers, peer-members,
retries, rekey, child-sas, window; each to the least with which the property is still violated; and again, until no
single one can be weaker. bump goes with requests, and delta with packets, where the scenario has them equal (they
cover every request and packet), unless --set names them; where no packets are left, nothing is negotiated about
their counters.`;

const PROGRAM = `
A revision given as a file is a program that is run, with all that you may do. Its rules have to be pure functions: all
that they were asked is asked again before a verdict. What it prints goes to standard error.`;

const shard = (text: string): Shard => shardOf(text);

/** An action that returns the exit status. Commander passes the command itself last, which no action wants. */
function run<Arguments extends unknown[]>(action: (...args: Arguments) => Promise<Exit>) {
  return async (...args: Arguments): Promise<void> => {
    endIn(await action(...args));
  };
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** A whole number in a range. */
const whole =
  (least: number, most: number) =>
  (value: string): number => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };

function positive(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It has to be a number above 0.');
}

/** The run that led to what went wrong, if it is known. */
async function showRun(error: unknown): Promise<void> {
  if (!(error instanceof UsageError) || error.run === undefined) return;
  const { renderRun } = await import('../report/run-before.ts');
  sayLines(renderRun(error.run));
}

/** Names of errors that say all that there is to say. */
const PLAIN: readonly string[] = ['UsageError', 'InputError', 'OutputError', 'Unanswered'];

/** Whatever was thrown, in words. */
function textOf(error: unknown): string {
  try {
    return error instanceof Error ? String(error.stack ?? error.message) : String(error);
  } catch {
    return 'something was thrown that cannot be put into words';
  }
}

/** Says what went wrong in a few lines; the status to end with. */
function explain(error: unknown): Exit {
  // Commander has said it already; --help and --version come here too.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (error instanceof Error && PLAIN.includes(error.name)) {
    const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : undefined;
    // Some messages end with the hint already.
    const said =
      hint === undefined || error.message.includes(hint) ? error.message : `${error.message}\n  ${hint}`;
    say(said);
    return EXIT.usage;
  }
  say(`an error of ours, please report it: ${textOf(error)}`);
  return EXIT.usage;
}
