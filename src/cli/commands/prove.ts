/** `ipsecha prove`: properties for all numbers, over the relation derived from a revision's own functions, with Z3. */
import { readFileSync } from 'node:fs';
import { revisions } from '../../../model/index.ts';
import { isRevisionFile } from '../../author/revision-file.ts';
import {
  type DerivedResult,
  Interrupted,
  openFor,
  type ProvableFor,
  provableFor,
  proveDerived,
  questionAgain,
  type TheoremQuestion,
} from '../../prove/derived.ts';
import {
  derivedCertificateOf,
  derivedCertificateText,
  differencesOf,
  readCertificate,
} from '../../prove/derived-certificate.ts';
import { closeZ3, DEFAULT_SECONDS } from '../../prove/index.ts';
import { askProgram, programs, versionOf as programVersion } from '../../prove/native-solver.ts';
import { refutationOf } from '../../prove/refute.ts';
import type { Query } from '../../prove/solver.ts';
import { openZ3 } from '../../prove/z3.ts';
import { orDidYouMean } from '../../questions/closest.ts';
import { UsageError } from '../../questions/usage-error.ts';
import { document, documentText } from '../../report/json.ts';
import {
  openDocument,
  openList,
  proofDocument,
  proofsTable,
  renderOpen,
  renderProofOf,
  type ShownProof,
} from '../../report/proof.ts';
import { progressLine, terminalOf } from '../../report/terminal.ts';
import { EXIT, type Exit, exitForAll } from '../exit.ts';
import { INTERRUPTED, type Interruption, interruption } from '../interrupt.ts';
import { collect, type Define, ends, positive } from '../options.ts';
import { printJson, printText } from '../out.ts';
import { outputs, writeOutput } from '../output-file.ts';

/** Its arguments, options and help. */
export const define: Define = (command) =>
  command
    .argument('[revision...]', 'revisions, by name or as files (rfc6311, if none is named)')
    .option('--property <id>', 'property to prove; may be repeated (all, if none is named)', collect, [])
    .option('--set <key=value>', 'change a setting of the proof; may be repeated', collect, [])
    .option('--without <rule>', 'leave a rule out; may be repeated', collect, [])
    .option('--assume <id>', 'what to assume instead; may be repeated; none: nothing', collect, [])
    .option('--infer', 'where a proof fails, look for statements that it lacks, and prove it with them')
    .option('--certificate <file>', 'write what anyone needs to make the proofs again, and compare')
    .option('--check <file>', 'make the proofs of a certificate again, and compare')
    .option('--time <seconds>', 'time limit for each question of a proof', positive)
    .option('--json', 'print one JSON document')
    .action(ends(run));

export interface ProveOptions {
  readonly property: readonly string[];
  readonly set: readonly string[];
  readonly without: readonly string[];
  readonly assume: readonly string[];
  readonly infer?: boolean;
  readonly certificate?: string;
  readonly check?: string;
  readonly json?: boolean;
  /** Seconds for each question of a proof. */
  readonly time?: number;
}

/** For the search of a run where a proof fails. */
const SECONDS_FOR_A_RUN = 60;

export async function run(names: readonly string[], options: ProveOptions): Promise<Exit> {
  if (options.check !== undefined) return runCheck(names, options.check, options);
  for (const name of names) mustBeRevision(name);
  return runTheorems(names.length === 0 ? ['rfc6311'] : names, options);
}

/** Whether an option is given that only a theorem goes by. */
const asksOfTheorem = ({ property, set, without, assume, infer }: ProveOptions): boolean =>
  infer === true || [property, set, without, assume].some((given) => given.length > 0);

/** Claims of a relation that was written by hand, which is gone: the derived one shows more. */
const GONE: readonly string[] = ['message-id-unique', 'message-id-unique-unassumed'];

function mustBeRevision(name: string): void {
  if (GONE.includes(name)) {
    throw new UsageError(
      `'${name}' was a claim of a relation that was written by hand, and that is gone: message-id-monotonicity says more, of the functions of the revision themselves`,
      `ipsecha prove rfc6311 --property message-id-monotonicity${name === GONE[0] ? '' : ' --assume none'}`,
    );
  }
  const known = revisions.map((each) => each.name);
  if (isRevisionFile(name) || known.includes(name)) return;
  throw new UsageError(
    `there is no revision '${name}'${orDidYouMean(name, known)}`,
    `revisions are: ${known.join(', ')}, or a file`,
  );
}

/** How a proof is asked and told of, until it is interrupted. */
interface Asking {
  /** Undefined if it was interrupted. */
  readonly prove: (question: TheoremQuestion) => Promise<DerivedResult | undefined>;
  readonly stop: Interruption;
}

async function asking<T>(options: ProveOptions, ask: (how: Asking) => Promise<T>): Promise<T> {
  const stop = interruption();
  const line = progressLine(process.stderr);
  const milliseconds = (options.time ?? DEFAULT_SECONDS) * 1000;
  try {
    const z3 = await openZ3();
    const others = programs.flatMap((program) => {
      const version = programVersion(program);
      return version === null
        ? []
        : [
            {
              name: `${program} ${version}`,
              ask: ({ text }: Query) => askProgram(program, text, milliseconds),
            },
          ];
    });
    return await ask({
      stop,
      prove: async (question) => {
        const result = await proveDerived(question, {
          solver: `Z3 ${z3.version}`,
          others,
          ask: ({ text }) => z3.check(text, milliseconds, stop.signal),
          onProgress: (what) => line.update(what),
          signal: stop,
        }).catch((error: unknown) => {
          if (error instanceof Interrupted) return undefined;
          throw error;
        });
        line.done();
        return result;
      },
    });
  } finally {
    line.done();
    stop.done();
    await closeZ3();
  }
}

async function runTheorems(names: readonly string[], options: ProveOptions): Promise<Exit> {
  const { certificate } = outputs({ certificate: options.certificate });
  const questions: TheoremQuestion[] = [];
  // Those that are asked for and have no theorem; all others that have none are listed in the end.
  const open = options.property.length === 0 ? [] : names.flatMap((name) => openFor(name, options.property));
  const provable = options.property.filter((id) => !open.some(({ property }) => property === id));
  for (const revision of names) {
    if (options.property.length > 0 && provable.length === 0) break;
    const able = await provableFor(revision, provable, options.without);
    questions.push(...able.map(({ property }: ProvableFor) => questionOf(revision, property, options)));
  }
  const style = terminalOf(process.stdout);
  const shown: ShownProof[] = [];
  const proofs: { readonly question: TheoremQuestion; readonly result: DerivedResult }[] = [];
  const isInterrupted = await asking(options, async ({ prove: proved, stop }) => {
    for (const question of questions) {
      if (stop.aborted) break;
      const result = await proved(question);
      if (result === undefined || stop.aborted) break;
      const refutation =
        result.broken === null
          ? null
          : await refutationOf(result, question.revision, SECONDS_FOR_A_RUN, stop);
      const verdict =
        refutation !== null ? 'refuted' : result.verdict === 'proved' ? 'proved' : 'inconclusive';
      const each: ShownProof = { result, refutation, verdict };
      shown.push(each);
      proofs.push({ question: questionAgain(question, result), result });
      if (options.json !== true) printText(`${renderProofOf(each, style)}\n`);
    }
    return stop.aborted;
  });
  if (options.json === true) {
    printJson(documentText(document('prove', [...shown.map(proofDocument), ...open.map(openDocument)])));
  } else {
    if (shown.length > 1) printText(`${proofsTable(shown, style)}\n`);
    printText(open.map((each) => renderOpen(each, style)).join(''));
    if (options.property.length === 0) printText(openList(openFor('', []), style));
  }
  if (isInterrupted) {
    if (options.json !== true) printText(INTERRUPTED);
    return EXIT.interrupted;
  }
  if (certificate !== undefined)
    writeOutput(certificate, derivedCertificateText(derivedCertificateOf(proofs)));
  return exitForAll([...shown, ...open.map(openDocument)].map(({ verdict }) => verdict));
}

const questionOf = (revision: string, property: string, options: ProveOptions): TheoremQuestion => ({
  revision,
  property,
  set: options.set,
  without: options.without,
  ...(options.assume.length === 0 ? {} : { assume: options.assume }),
  ...(options.infer === true ? { infer: true } : {}),
});

/** Makes the proofs of a certificate again, and compares. */
async function runCheck(names: readonly string[], file: string, options: ProveOptions): Promise<Exit> {
  if (names.length > 0 || asksOfTheorem(options) || options.certificate !== undefined) {
    throw new UsageError(
      '--check goes with no revision and no other option but --time: the certificate says what is proved',
      'leave them out',
    );
  }
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new UsageError(
      `${file} cannot be read`,
      'name a certificate that ipsecha prove --certificate has written',
    );
  }
  const { proofs } = readCertificate(text, file);
  const verdicts: {
    readonly property: string;
    readonly revision: string;
    readonly differences: readonly string[];
  }[] = [];
  const isInterrupted = await asking(options, async ({ prove: proved, stop }) => {
    for (const kept of proofs) {
      if (stop.aborted) break;
      const result = await proved(kept.question);
      if (result === undefined || stop.aborted) break;
      const [made] = derivedCertificateOf([{ question: kept.question, result }]).proofs;
      const differences = made === undefined ? [] : differencesOf(kept, made);
      verdicts.push({ revision: kept.revision, property: kept.property, differences });
      if (options.json === true) continue;
      printText(
        `${kept.property} of ${kept.revision}: ${differences.length === 0 ? `${kept.verdict}, as the certificate says` : 'not as the certificate says'}\n${differences.map((each) => `  ${each}\n`).join('')}`,
      );
    }
    return stop.aborted;
  });
  if (options.json === true) printJson(documentText(document('prove', verdicts)));
  if (isInterrupted) return EXIT.interrupted;
  return verdicts.some(({ differences }) => differences.length > 0) ? EXIT.violated : EXIT.ok;
}
