/** A proof over the derived relation, for a terminal: verdict, scope, clauses by steps, and where it fails. */
import type { Message, Value } from '../../model/index.ts';
import type { DerivedResult, OpenFor, Validation } from '../prove/derived.ts';
import { SCHEDULE } from '../prove/progress-proof.ts';
import type { Refutation } from '../prove/refute.ts';
import { PROPERTY, SHAPES, START } from '../prove/theorem-proof.ts';
import { chartOf, mostTelling } from './check.ts';
import { type Cell, drawTable } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';
import { messageWords, roleWords, stateWords } from './words.ts';

/** A result, and the run of the model that was found where its proof fails. */
export interface ShownProof {
  readonly result: DerivedResult;
  readonly refutation: Refutation | null;
  readonly verdict: 'proved' | 'refuted' | 'inconclusive';
}

/** A result as JSON. */
export const proofDocument = ({ result, refutation, verdict }: ShownProof) => {
  const { plain: _, verdict: proof, validation, schedule, broken, ...kept } = result;
  return {
    ...kept,
    ...(schedule === undefined
      ? {}
      : { schedule: { ...schedule, validation: validationDocument(schedule.validation) } }),
    broken: broken === null ? null : { ...broken },
    verdict,
    proof,
    validation: validationDocument(validation),
    ...(refutation === null
      ? {}
      : { refutation: { command: refutation.command, run: stepsOfRun(refutation) } }),
  };
};

const validationDocument = ({ disagreement, ...counts }: Validation) => ({
  ...counts,
  ...(disagreement === null ? {} : { disagreement: disagreement.step }),
});

/** A property without a theorem, as JSON. */
export const openDocument = ({ revision, property, title, lacks }: OpenFor) => ({
  revision,
  property,
  title,
  verdict: 'inconclusive' as const,
  open: lacks,
});

export const renderOpen = ({ revision, property, title, lacks }: OpenFor, style: Terminal): string =>
  [
    `${property} of ${revision}: open`,
    ...indented(title, style),
    ...indented(`There is no proof of it for all numbers. What one lacks: ${lacks}.`, style),
    ...indented(`ipsecha check ${revision} --property ${property} explores it within bounds`, style),
    '',
  ].join('\n');

/** All that are open, in a few lines. */
export const openList = (open: readonly OpenFor[], style: Terminal): string =>
  [
    ...wrap(
      `open, and explored within bounds alone: ${open.map(({ property }) => property).join(', ')}; ipsecha prove --property ID says what a proof lacks`,
      Math.min(style.width, 110),
    ),
    '',
  ].join('\n');

/** The run that breaks the property, step by step. */
const stepsOfRun = ({ result }: Refutation) =>
  mostTelling([result])?.shown.counterexample.steps.map(({ action, observations }) => ({
    action,
    observations,
  })) ?? [];

/** All results in a table, where there are several. */
export const proofsTable = (proofs: readonly ShownProof[], style: Terminal): string =>
  drawTable(
    {
      head: ['revision', 'property', 'verdict', 'if', 'paths', 'cases', 'seconds'],
      align: ['left', 'left', 'left', 'left', 'right', 'right', 'right'],
      rows: proofs.map(({ result, verdict }) => [
        result.revision,
        result.property,
        { text: verdict, tone: verdict === 'proved' ? 'good' : verdict === 'refuted' ? 'bad' : 'doubt' },
        result.assumptions.map(({ id }) => id).join(', '),
        String(result.validation.paths - result.validation.empty),
        String(casesOf(result)),
        result.seconds.toFixed(1),
      ]),
    },
    style,
  );

const casesOf = ({ rows }: DerivedResult): number => rows.reduce((total, { cases }) => total + cases, 0);

export function renderProofOf({ result, refutation, verdict }: ShownProof, style: Terminal): string {
  const { validation } = result;
  const conditions = result.assumptions.map(({ id }) => id).join(' and ');
  return [
    `${result.property} of ${result.revision}: ${verdict}${verdict === 'proved' && conditions !== '' ? `, if ${conditions}` : ''}${verdict === 'proved' && isFound(result) ? ', with what was found' : ''}`,
    ...indented(result.title, style),
    ...result.scope.flatMap((words) => indented(words, style)),
    ...result.assumptions.flatMap(({ id, says }) => indented(`${id}: ${says}`, style)),
    ...scheduleLines(result, style),
    '',
    statementTable(result, style),
    ...indented(
      `${validation.paths - validation.empty} paths of ${stepsOf(result).length} kinds of step, each taken by the model itself with numbers of its own: ${validation.agreed} agree`,
      style,
    ),
    ...scheduleTaken(result, style),
    ...indented(
      `${casesOf(result)} cases in ${result.questions} questions to ${result.solver}${othersWords(result)}; ${result.seconds.toFixed(1)} s`,
      style,
    ),
    ...(result.because === undefined ? [] : indented(`inconclusive: ${result.because}`, style)),
    ...brokenLines(result, style),
    ...inferredLines(result, style),
    ...(refutation === null
      ? result.broken === null
        ? []
        : indented(
            'no run of the model that breaks the property was found within bounds: so it is not refuted',
            style,
          )
      : refutationLines(refutation, style)),
    `  SHA-256 of the questions: ${result.digest}`,
    '',
  ].join('\n');
}

/** The steps that lead to the goal, in words. */
const scheduleLines = ({ schedule }: DerivedResult, style: Terminal): readonly string[] =>
  schedule === undefined
    ? []
    : [
        ...indented(
          `by at most ${schedule.most} of these steps from wherever it is; the first that is due is taken, until the goal is reached:`,
          style,
        ),
        ...schedule.steps.flatMap(({ step, says }, index) =>
          indented(`  ${index + 1}. ${step}: ${says}`, style),
        ),
      ];

const scheduleTaken = ({ schedule }: DerivedResult, style: Terminal): readonly string[] =>
  schedule === undefined
    ? []
    : indented(
        `${schedule.validation.paths - schedule.validation.empty} paths of the steps that lead there, taken by it likewise: ${schedule.validation.agreed} agree`,
        style,
      );

/** Other solvers, where there are any. */
const othersWords = ({ others, questions }: DerivedResult): string =>
  others.map(({ name, alike }) => `; ${name} answers ${alike} of ${questions} alike`).join('');

const indented = (text: string, style: Terminal): readonly string[] =>
  wrap(text, Math.min(style.width, 110) - 4).map((line, index) => `${index === 0 ? '  ' : '    '}${line}`);

const stepsOf = ({ rows }: DerivedResult): readonly string[] =>
  [...new Set(rows.map(({ step }) => step))].filter((step) => step !== START && step !== SCHEDULE);

/** Statements down, steps across by their numbers; in each cell how many cases were looked at. */
function statementTable(result: DerivedResult, style: Terminal): string {
  const steps = [START, ...stepsOf(result), ...(result.schedule === undefined ? [] : [SCHEDULE])];
  const statements = [...result.clauses.map(({ id }) => id), PROPERTY, SHAPES];
  const cell = (statement: string, step: string): Cell => {
    const row = result.rows.find((each) => each.statement === statement && each.step === step);
    if (row === undefined) return '';
    if (row.result === 'broken') return { text: 'broken', tone: 'bad' };
    if (row.result === 'unknown') return { text: '?', tone: 'doubt' };
    return row.cases === 0 ? { text: '+', tone: 'quiet' } : String(row.cases);
  };
  return [
    drawTable(
      {
        head: ['kept by', ...steps.map((_, index) => String(index))],
        align: ['left', ...steps.map(() => 'right' as const)],
        rows: statements.map((statement) => [statement, ...steps.map((step) => cell(statement, step))]),
      },
      style,
    ),
    ...indented(
      `${steps.map((step, index) => `${index} ${step}`).join('; ')}. A number: cases that the solver found impossible; +: none to ask of`,
      style,
    ),
    '',
  ].join('\n');
}

const isFound = ({ inferred }: DerivedResult): boolean => (inferred?.found ?? null) !== null;

/** What became of the search for statements that a proof lacks. */
function inferredLines({ inferred, verdict }: DerivedResult, style: Terminal): readonly string[] {
  if (inferred === undefined) return [];
  const { candidates, inWalks, kept, found, because } = inferred;
  if (found !== null) {
    const these = found.length === 1 ? 'this statement' : 'these statements';
    const isProved = verdict === 'proved' ? ', proved as the other clauses are' : '';
    return [
      ...indented(
        `found: of ${candidates} statements that were tried, the proof lacked ${these}${isProved}:`,
        style,
      ),
      ...found.flatMap(({ id, says }) => indented(`  ${id}: ${says}`, style)),
    ];
  }
  return indented(
    because === undefined
      ? `none of ${candidates} statements that were tried makes the proof: ${inWalks} hold in random walks of the model, and the ${kept} of these that all steps keep together do not suffice`
      : `none of ${candidates} statements was found to make the proof: ${because}`,
    style,
  );
}

/** The world from which a step breaks a statement, in words. */
function brokenLines({ broken, clauses, schedule }: DerivedResult, style: Terminal): readonly string[] {
  if (broken === null) return [];
  const clause = clauses.find(({ id }) => id === broken.statement);
  const isOf = broken.statement === PROPERTY;
  const what = isOf
    ? failing(schedule !== undefined, broken.step)
    : broken.statement === SHAPES
      ? `the step '${broken.step}' leads out of the worlds that are looked at`
      : `the clause ${broken.statement} is not kept by the step '${broken.step}'`;
  if (broken.step === START)
    return ['', ...indented(`not proved: ${broken.statement} does not hold at the start`, style)];
  const { made, memory, ghosts, bump, any } = broken.world;
  const places = ['A', 'B', 'C', 'peer', 'P', 'Q', 'R'].flatMap((name) =>
    name in broken.world ? [[name, broken.world[name]] as const] : [],
  );
  return [
    '',
    ...indented(`not proved: ${what}${broken.because === undefined ? '' : ` (${broken.because})`}`, style),
    ...(clause === undefined ? [] : indented(clause.says, style)),
    '  from this world, in which all clauses hold, though it may be one that no run reaches:',
    ...places.flatMap(([name, value]) => indented(`  ${name}: ${memberWords(value)}`, style)),
    ...indented(
      `  bump ${String(bump)}; made: ${inWords(made)}; remembered: ${inWords(memory)}; ${inWords(ghosts)}; looked at: ${String(any)}`,
      style,
    ),
    ...(broken.message === null
      ? []
      : indented(`  arrives: ${messageWords(broken.message as Message)}`, style)),
    ...(Object.keys(broken.after).length === 0 ? [] : ['  the step leads to:']),
    ...Object.entries(broken.after).flatMap(([name, value]) =>
      typeof value === 'object' ? indented(`  ${name}: ${memberWords(value)}`, style) : [],
    ),
    ...(broken.sent as readonly Message[]).flatMap((message) =>
      indented(`  sent: ${messageWords(message)}`, style),
    ),
  ];
}

/** Where a property fails that is proved by steps, or by a schedule. */
const failing = (isOfProgress: boolean, step: string): string =>
  step === SCHEDULE
    ? 'no step leads on'
    : isOfProgress
      ? `the step '${step}' does not lead on`
      : `the property is broken by the step '${step}'`;

/** A member in words; what is built by the shapes is one. */
function memberWords(value: unknown): string {
  const member = value as Exclude<Value, number>;
  return member.role === 'queue' ? '' : `${roleWords(member)}, ${stateWords(member)}`;
}

const inWords = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(inWords).join(', ') || 'nothing'
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([name, each]) => `${name} ${inWords(each)}`)
          .join(', ') || 'nothing'
      : String(value ?? 'none');

function refutationLines({ result, command }: Refutation, style: Terminal): readonly string[] {
  const telling = mostTelling([result]);
  return [
    '',
    ...indented('refuted: a run of the model breaks it, from the start, with the assumptions kept:', style),
    '',
    ...(telling === undefined ? [] : [chartOf(telling.result, telling.shown, style)]),
    ...indented(command, style),
  ];
}
