/** `ipsecha prove`: obligations for unbounded numbers, decided by Z3. */
import { obligations } from '../../../proofs/index.ts';
import { UsageError } from '../../check/usage-error.ts';
import { closeZ3, type ProofResult, prove, renderProof } from '../../prove/index.ts';
import { document, documentText } from '../../report/json.ts';
import { progressLine } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';
import { interruption } from '../interrupt.ts';
import { printJson, printText } from '../out.ts';

export async function run(
  ids: readonly string[],
  options: { readonly json?: boolean; readonly time?: number },
): Promise<Exit> {
  const chosen = ids.length === 0 ? obligations : ids.map(obligationNamed);
  const stop = interruption();
  const line = progressLine(process.stderr);
  const results: ProofResult[] = [];
  try {
    for (const obligation of chosen) {
      line.update(`proving ${obligation.id}`);
      results.push(
        await prove(obligation, {
          ...(options.time === undefined ? {} : { seconds: options.time }),
          signal: stop.signal,
        }),
      );
      line.done();
      if (stop.aborted) break;
    }
  } finally {
    line.done();
    stop.done();
    await closeZ3();
  }
  if (options.json === true) printJson(documentText(document('prove', results)));
  else printText(`${results.map(renderProof).join('\n')}\n`);
  if (stop.aborted) return EXIT.interrupted;
  // An obligation that is there to be refuted (the same claim without its assumption) is in order when it is.
  if (results.some(({ verdict }) => verdict === 'inconclusive')) return EXIT.inconclusive;
  const asExpected = results.every(({ verdict, obligation }) => verdict === obligation.expected);
  return asExpected && ids.length === 0 ? EXIT.ok : exitOf(results);
}

/** Named obligations: what is refuted ends in 1, expected or not. */
const exitOf = (results: readonly ProofResult[]): Exit =>
  results.some(({ verdict }) => verdict === 'refuted') ? EXIT.violated : EXIT.ok;

function obligationNamed(id: string): (typeof obligations)[number] {
  const found = obligations.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new UsageError(
    `unknown obligation '${id}'`,
    `obligations are: ${obligations.map((each) => each.id).join(', ')}`,
  );
}
