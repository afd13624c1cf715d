/** `ipsecha validate`: judges traces; files of one run are taken together. */
import type { Revision } from '../../../model/index.ts';
import { revisionOf } from '../../check/revision-file.ts';
import { document, documentText } from '../../report/json.ts';
import { junitText } from '../../report/junit.ts';
import { sarifText } from '../../report/sarif.ts';
import { terminalOf } from '../../report/terminal.ts';
import { renderValidation } from '../../report/validation.ts';
import { validationPage } from '../../report/validation-html.ts';
import { validationSuite } from '../../report/validation-junit.ts';
import { validationMarkdown } from '../../report/validation-markdown.ts';
import { validationResults, validationRules } from '../../report/validation-sarif.ts';
import type { TraceFormat } from '../../traces/read-trace.ts';
import type { Roles } from '../../traces/roles.ts';
import { inputsOf, type Streamed } from '../../traces/sources/stream.ts';
import type { ValidatedFile } from '../../traces/validate-file.ts';
import { validateTogether } from '../../traces/validate-together.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { INTERRUPTED, interruption } from '../interrupt.ts';
import { printJson, printText, say } from '../out.ts';
import { outputs, writeOutput } from '../output-file.ts';
import { readingProgress } from '../reading-progress.ts';

export interface ValidateOptions {
  readonly revision: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
  /** Whether each file is to be judged for itself. */
  readonly each?: boolean;
  readonly role: Roles;
  /** Whether the user says that nothing is missing. */
  readonly complete?: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly html?: string;
}

export async function run(files: readonly string[], options: ValidateOptions): Promise<Exit> {
  const revision = await revisionOf(options.revision);
  const { junit, sarif, html } = options;
  const reserved = { inputs: [...inputsOf(files, options.keys), options.revision] };
  const output = outputs({ junit, sarif, html }, reserved);
  const stop = interruption();
  const results = await judged(files, revision, options, stop.signal).finally(() => stop.done());
  const validations = results.map(({ validation }) => validation);
  const { version } = document('validate', []);
  if (options.json === true) printJson(documentText(document('validate', validations)));
  else if (options.markdown === true) {
    printText(results.map(({ validation, around }) => validationMarkdown(validation, around)).join('\n'));
  } else {
    const style = terminalOf(process.stdout);
    printText(
      results.map(({ validation, around }) => renderValidation(validation, around, style)).join('\n'),
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
  if (output.html !== undefined) writeOutput(output.html, validationPage(results, version));
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
  return cut.length > 0 ? EXIT.usage : exitForAll(validations.map(({ verdict }) => verdict));
}

type Judged = ValidatedFile & { readonly trace: Streamed; readonly seconds: number };

/** Each file by itself, or those of one run together. */
async function judged(
  files: readonly string[],
  revision: Revision,
  { each: apart, keys, role, format, complete }: ValidateOptions,
  signal: AbortSignal,
): Promise<readonly Judged[]> {
  const progress = readingProgress(process.stderr);
  const results: Judged[] = [];
  try {
    for (const group of apart === true ? files.map((file) => [file]) : [files]) {
      if (signal.aborted) break;
      const start = performance.now();
      const validated = await validateTogether(group, {
        ...{ revision, keys, roles: role, signal },
        onProgress: progress.update,
        ...(format === undefined ? {} : { format }),
        ...(complete === undefined ? {} : { complete }),
      });
      const seconds = (performance.now() - start) / 1000 / validated.length;
      results.push(...validated.map((each) => ({ ...each, trace: each.streamed, seconds })));
    }
  } finally {
    progress.done();
  }
  return results;
}
