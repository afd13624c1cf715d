/** `ipsecha validate`: judges traces, each file for itself. */
import { revisionNamed } from '../../check/check.ts';
import { document, documentText } from '../../report/json.ts';
import { terminalOf } from '../../report/terminal.ts';
import { renderValidation } from '../../report/validation.ts';
import { readTrace, type TraceFormat } from '../../traces/read-trace.ts';
import { validate } from '../../traces/validate.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';

export interface ValidateOptions {
  readonly revision: string;
  readonly keys: readonly string[];
  readonly format?: TraceFormat;
  readonly json?: boolean;
}

export async function run(files: readonly string[], options: ValidateOptions): Promise<Exit> {
  const revision = revisionNamed(options.revision);
  const results = [];
  for (const file of files) {
    const trace = await readTrace(file, {
      keys: options.keys,
      ...(options.format === undefined ? {} : { format: options.format }),
    });
    const { unread, remarks } = trace;
    results.push({ trace, validation: validate(trace.events, { revision, file, unread, remarks }) });
  }
  if (options.json === true) {
    process.stdout.write(
      documentText(
        document(
          'validate',
          results.map(({ validation }) => validation),
        ),
      ),
    );
  } else {
    const style = terminalOf(process.stdout);
    process.stdout.write(
      results.map(({ trace, validation }) => renderValidation(validation, trace.events, style)).join('\n'),
    );
  }
  // What could be read is judged; but who relies on the status must not take half a file for a whole one.
  const cut = results.filter(({ trace }) => trace.endsEarly !== null);
  for (const { trace } of cut) {
    process.stderr.write(
      `ipsecha: ${trace.file}: ${trace.endsEarly}\n  The verdict is on what comes before. Copy or capture the file again; if it is all there is: editcap ${trace.file} whole.pcap\n`,
    );
  }
  return cut.length > 0 ? EXIT.usage : exitForAll(results.map(({ validation }) => validation.verdict));
}
