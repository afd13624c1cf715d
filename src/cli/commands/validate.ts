/** `ipsecha validate`: judges traces; files of one run are taken together. */
import { mustBeConfirmed } from '../../check/ledger.ts';
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
import type { Streamed } from '../../traces/sources/stream.ts';
import type { ValidatedFile } from '../../traces/validate-file.ts';
import { validateTogether } from '../../traces/validate-together.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { writeOutput } from '../output-file.ts';
import { readingProgress } from '../reading-progress.ts';

export interface ValidateOptions {
  readonly revision: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
  /** Whether each file is to be judged for itself. */
  readonly each?: boolean;
  readonly role: Roles;
  readonly json?: boolean;
  readonly markdown?: boolean;
  readonly junit?: string;
  readonly sarif?: string;
  readonly html?: string;
}

export async function run(files: readonly string[], options: ValidateOptions): Promise<Exit> {
  const revision = await revisionOf(options.revision);
  const progress = readingProgress(process.stderr);
  const results: (ValidatedFile & { readonly trace: Streamed; readonly seconds: number })[] = [];
  try {
    // Each by itself, or those of one run together.
    for (const group of options.each === true ? files.map((file) => [file]) : [files]) {
      const start = performance.now();
      const validated = await validateTogether(group, {
        revision,
        keys: options.keys,
        roles: options.role,
        onProgress: progress.update,
        ...(options.format === undefined ? {} : { format: options.format }),
      });
      const seconds = (performance.now() - start) / 1000 / validated.length;
      results.push(...validated.map((each) => ({ ...each, trace: each.streamed, seconds })));
    }
  } finally {
    progress.done();
  }
  await mustBeConfirmed(revision);
  const validations = results.map(({ validation }) => validation);
  const { version } = document('validate', []);
  if (options.junit !== undefined) {
    const suites = results.map(({ validation, seconds }) => validationSuite(validation, revision, seconds));
    await writeOutput(options.junit, junitText('ipsecha validate', suites));
  }
  if (options.sarif !== undefined) {
    const found = validations.flatMap(validationResults);
    await writeOutput(options.sarif, sarifText(version, validationRules(), found));
  }
  if (options.html !== undefined) await writeOutput(options.html, validationPage(results, version));
  if (options.json === true) process.stdout.write(documentText(document('validate', validations)));
  else if (options.markdown === true) {
    process.stdout.write(
      results.map(({ validation, around }) => validationMarkdown(validation, around)).join('\n'),
    );
  } else {
    const style = terminalOf(process.stdout);
    process.stdout.write(
      results.map(({ validation, around }) => renderValidation(validation, around, style)).join('\n'),
    );
  }
  // What could be read is judged; but who relies on the status must not take half a file for a whole one.
  const cut = results.filter(({ trace }) => trace.endsEarly !== null);
  for (const { trace } of cut) {
    const again =
      trace.format === 'pcap'
        ? `Copy or capture the file again; if it is all there is: editcap ${trace.file} whole.pcap`
        : 'Make or copy the file again.';
    process.stderr.write(
      `ipsecha: ${trace.file}: ${trace.endsEarly}\n  The verdict is on what comes before. ${again}\n`,
    );
  }
  return cut.length > 0 ? EXIT.usage : exitForAll(validations.map(({ verdict }) => verdict));
}
