/** `ipsecha rules --coverage`: the clauses of the texts, and the rules that embody them. */
import { coverage, coverageText } from '../../report/coverage.ts';
import { document, documentText } from '../../report/json.ts';
import { terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit } from '../exit.ts';

export async function run({ json }: { readonly json?: boolean }): Promise<Exit> {
  process.stdout.write(
    json === true ? documentText(document('coverage', coverage())) : coverageText(terminalOf(process.stdout)),
  );
  return EXIT.ok;
}
