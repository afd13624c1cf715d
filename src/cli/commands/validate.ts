/** `ipsecha validate`: judges traces; files of one run are taken together. */

import { Option } from 'commander';
import type { Revision } from '../../../model/index.ts';
import { filesReadFor, mustBeConfirmed } from '../../author/ledger.ts';
import { revisionOf } from '../../author/revision-file.ts';
import { document, documentText, version } from '../../report/json.ts';
import { junitText } from '../../report/junit.ts';
import { sarifText } from '../../report/sarif.ts';
import { terminalOf } from '../../report/terminal.ts';
import { renderValidation, summaryTable } from '../../report/validation.ts';
import { annotations } from '../../report/validation-annotations.ts';
import { validationPage } from '../../report/validation-html.ts';
import { validationSuite } from '../../report/validation-junit.ts';
import { validationMarkdown } from '../../report/validation-markdown.ts';
import { validationResults, validationRules } from '../../report/validation-sarif.ts';
import { documented } from '../../report/verdict/document.ts';
import { NO_EXPERIMENTS } from '../../report/verdict/pointers.ts';
import type { Roles } from '../../traces/roles.ts';
import { NO_ROLES } from '../../traces/roles.ts';
import type { Ports } from '../../traces/sources/capture/ports.ts';
import { NO_PORTS } from '../../traces/sources/capture/ports.ts';
import { expandFolders } from '../../traces/sources/folders.ts';
import { InputError } from '../../traces/sources/input-error.ts';
import type { TraceFormat } from '../../traces/sources/read-trace.ts';
import { inputsOf, type Streamed } from '../../traces/sources/stream.ts';
import type { ValidatedFile } from '../../traces/validate-file.ts';
import { validateTogether } from '../../traces/validate-together.ts';
import { decodeAs } from '../decode-as.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { sayOthers } from '../folders.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { collect, DECODE_AS, type Define, ends, FORMATS, markdown, role } from '../options.ts';
import { printJson, printText, say, sayLines } from '../out.ts';
import { outputs, writeOutput } from '../output-file.ts';
import { readingProgress } from '../reading-progress.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument(
      '<file...>',
      "captures (pcap, pcapng), logs of IKE daemons and gateways (--format names them), output of ip xfrm or tcpdump, tshark's JSON, JSON Lines of events, each compressed or not; folders of them; '-' reads standard input",
    )
    .option(
      '--revision <revision>',
      'the text to judge by: a name, or a file that exports one; by one with exchanges of its own, only whether numbers of ESP are sent twice',
      'rfc6311',
    )
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
    .addOption(markdown())
    .option('--junit <file>', 'write JUnit XML: a case for each rule')
    .option('--sarif <file>', 'write SARIF 2.1.0')
    .option('--html <file>', 'write one page with charts of all findings')
    .action(ends(run));

export interface ValidateOptions {
  readonly revision: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
  /** Whether each file is to be judged for itself. */
  readonly each?: boolean;
  readonly decodeAs?: Ports;
  readonly role: Roles;
  /** Whether the user says that nothing is missing. */
  readonly complete?: boolean;
  /** Whether annotations are wanted; by default, in a workflow of GitHub. */
  readonly annotations?: boolean;
  /** Whether it is to be judged as it comes. */
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly html?: string;
}

/** A file that could not be judged. */
interface Failed {
  readonly file: string;
  readonly error: InputError;
}

export async function run(named: readonly string[], options: ValidateOptions): Promise<Exit> {
  if (options.follow === true) return (await import('./follow.ts')).run(named, options);
  const revision = await revisionOf(options.revision);
  const { files, others } = await expandFolders(named);
  const { junit, sarif, html } = options;
  const reserved = {
    inputs: [...inputsOf(files, options.keys), options.revision, ...filesReadFor(revision)],
  };
  const output = outputs({ junit, sarif, html }, reserved);
  sayOthers(others);
  const stop = interruption();
  const { results, failed } = await judged(files, revision, options, stop.signal).finally(() => stop.done());
  await mustBeConfirmed(revision);
  const validations = results.map(({ validation }) => validation);
  // What it takes to know them is loaded only where something was found.
  const experiments = validations.some(({ findings }) => findings.length > 0)
    ? await (await import('../../report/verdict/experiments.ts')).recordedExperiments()
    : NO_EXPERIMENTS;
  if (options.json === true) {
    const unread = failed.map(({ file, error: { problem, hint } }) => ({
      file,
      problem,
      ...(hint === undefined ? {} : { hint }),
    }));
    const whole = document(
      'validate',
      validations.map((validation) => documented(validation, experiments)),
      unread.length === 0 ? {} : { failed: unread },
    );
    printJson(documentText(whole));
  } else if (options.markdown === true) {
    printText(
      results.map(({ validation, around }) => validationMarkdown(validation, around, experiments)).join('\n'),
    );
  } else {
    const style = terminalOf(process.stdout);
    printText(
      results
        .map(({ validation, around }) => renderValidation(validation, around, style, experiments))
        .join('\n'),
    );
    if (results.length + failed.length > 1) {
      const unread = failed.map(({ file, error }) => ({ file, problem: error.problem }));
      printText(`\n${summaryTable(validations, unread, style)}`);
    }
  }
  for (const { error } of failed) say(error.message);
  // The runner reads both outputs; this one is never a document.
  if (options.annotations ?? process.env['GITHUB_ACTIONS'] === 'true') {
    sayLines(
      annotations(
        validations,
        failed.map(({ file, error }) => ({ file, problem: error.problem })),
      ),
    );
  }
  // After the verdict, which is not to be lost for want of room for them.
  if (output.junit !== undefined) {
    const suites = results.map(({ validation, seconds }) => validationSuite(validation, revision, seconds));
    writeOutput(output.junit, junitText('ipsecha validate', suites));
  }
  if (output.sarif !== undefined) {
    const found = validations.flatMap(validationResults);
    writeOutput(output.sarif, sarifText(version, validationRules(), found));
  }
  if (output.html !== undefined) writeOutput(output.html, validationPage(results, version, experiments));
  if (stop.aborted) {
    if (options.json !== true) printText(INTERRUPTED);
    return EXIT.interrupted;
  }
  // What could be read is judged; but who relies on the status must not take half a file for a whole one.
  const cut = results.filter(({ trace }) => trace.endsEarly !== null);
  for (const { trace } of cut) {
    const again =
      trace.format === 'pcap'
        ? `Copy or capture the file again; if it is all there is: editcap ${trace.file} whole.pcap`
        : 'Make or copy the file again.';
    say(`${trace.file}: ${trace.endsEarly}\n  The verdict is on what comes before. ${again}`);
  }
  return cut.length > 0 || failed.length > 0
    ? EXIT.usage
    : exitForAll(validations.map(({ verdict }) => verdict));
}

interface Judged extends ValidatedFile {
  readonly trace: Streamed;
  readonly seconds: number;
}

/** Each file by itself, or those of one run together. */
async function judged(
  files: readonly string[],
  revision: Revision,
  { each: apart, keys, role, format, decodeAs, complete }: ValidateOptions,
  signal: AbortSignal,
): Promise<{ readonly results: readonly Judged[]; readonly failed: readonly Failed[] }> {
  const progress = readingProgress(process.stderr);
  const results: Judged[] = [];
  const failed: Failed[] = [];
  try {
    for (const group of apart === true ? files.map((file) => [file]) : [files]) {
      if (signal.aborted) break;
      const start = performance.now();
      try {
        const validated = await validateTogether(group, {
          ...{ revision, keys, roles: role, signal },
          onProgress: progress.update,
          ...(format === undefined ? {} : { format }),
          ...(decodeAs === undefined ? {} : { ports: decodeAs }),
          ...(complete === undefined ? {} : { complete }),
        });
        const seconds = (performance.now() - start) / 1000 / validated.length;
        results.push(...validated.map((each) => ({ ...each, trace: each.streamed, seconds })));
      } catch (error) {
        // Of each by itself, the others have their verdicts all the same. What is interrupted has none.
        const [file, more] = group;
        const isOwn = apart === true && files.length > 1 && more === undefined;
        if (!(isOwn || signal.aborted) || file === undefined || !(error instanceof InputError)) throw error;
        failed.push({ file, error });
      }
    }
  } finally {
    progress.done();
  }
  return { results, failed };
}
