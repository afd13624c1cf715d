/**
 * What a proof lacks, looked for among statements that nobody wrote (`proofs/candidates.ts`): of those that hold in random
 * walks of the model, the ones that hold at the start and that all steps keep together (whatever a step does not keep is
 * dropped, until nothing is). Of these as few are taken as make the proof. Nothing that is found is taken for true: the
 * proof is made with it as with any other clause.
 */
import type { Revision, SafetyProperty, Settings } from '../../model/index.ts';
import type { Candidate } from '../../proofs/candidates.ts';
import { brokenClauses, runs, settingsOf, stepOf } from '../../proofs/seen-runs.ts';
import type { Clause, Theorem } from '../../proofs/theorem.ts';
import { takesPath, type Values } from '../derive/example.ts';
import type { Relation } from '../derive/relation.ts';
import type { Solver } from './solver.ts';
import { type Case, inParts, MOST_CASES, type Obligation, START, TheoremProof } from './theorem-proof.ts';

/** What became of the search for what a proof lacks. */
export interface Inferred {
  /** How many statements were tried, how many of these hold in random walks, and how many all steps keep together. */
  readonly candidates: number;
  readonly inWalks: number;
  readonly kept: number;
  /** Those that make the proof, as few as were found; null if none were. */
  readonly found: readonly Pick<Clause, 'id' | 'says'>[] | null;
  /** Why none were found, if that is not that those that are kept do not suffice. */
  readonly because?: string;
}

/** A theorem whose proof fails, in both readings: as it is written, and rewritten. */
export interface Failed {
  readonly written: { readonly theorem: Theorem; readonly candidates: readonly Candidate[] };
  readonly rewritten: { readonly theorem: Theorem; readonly candidates: readonly Candidate[] };
  readonly property: SafetyProperty;
  readonly revision: Revision;
  readonly settings: Settings;
  readonly relations: readonly Relation[];
}

export interface Searching {
  readonly ask: Solver['ask'];
  /** Lets signals in; throws if the search is to be given up. */
  readonly goOn: () => Promise<void>;
  /** How long is searched, in seconds. */
  readonly seconds: number;
}

const WALKS = 60;

/** Which are tried, from few to all: first those of what is remembered, and of the world alone. */
const STAGES: readonly ((candidate: Candidate) => boolean)[] = [
  ({ of, isOfThePast }) => of === 'world' && isOfThePast,
  ({ of }) => of === 'world',
  ({ of }) => of !== 'message',
  () => true,
];

class OutOfTime extends Error {}

/** Looks for statements that a proof lacks. */
export async function inferred(failed: Failed, searching: Searching): Promise<Inferred> {
  const search = timed(searching);
  const { candidates } = failed.written;
  const walked = afterWalks(failed);
  const counts = { candidates: candidates.length, inWalks: walked?.length ?? 0, kept: 0 };
  if (walked === null) {
    return {
      ...counts,
      found: null,
      because: 'a run of the model breaks the property, so that nothing that is true can prove it',
    };
  }
  try {
    const parts = await partsOf(failed, search);
    let before = -1;
    for (const stage of STAGES) {
      const tried = walked.filter(stage);
      if (tried.length === before) continue;
      before = tried.length;
      const kept = await keptTogether(parts, tried, search);
      counts.kept = kept.length;
      const found = await enoughOf(parts, kept, search);
      if (found !== null) return { ...counts, found: found.map(({ id, says }) => ({ id, says })) };
    }
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
    return { ...counts, found: null, because: `the ${searching.seconds} seconds for the search were over` };
  }
  return { ...counts, found: null };
}

/** The same, which throws once the time is over. */
function timed({ ask, goOn, seconds }: Searching): Searching {
  const end = performance.now() + seconds * 1000;
  const mustBeInTime = (): void => {
    if (performance.now() > end) throw new OutOfTime();
  };
  return {
    seconds,
    ask: (query) => {
      mustBeInTime();
      return ask(query);
    },
    goOn: async () => {
      await goOn();
      mustBeInTime();
    },
  };
}

/** Those that hold in random walks, as long as the assumptions do; null if such a walk breaks the property. */
function afterWalks({
  written: { theorem, candidates },
  revision,
  settings,
}: Failed): readonly Candidate[] | null {
  let left = candidates;
  let isBroken = false;
  // What is not known in the proof, or has no bound there, is some number here.
  const known = Object.fromEntries(
    Object.entries(settings).filter(([, value]) => typeof value !== 'object' && value !== Infinity),
  ) as Partial<Settings>;
  const settingsFor = (run: number): Settings => ({
    ...settingsOf(theorem, run % 4),
    ...known,
    messageIdSync: settings.messageIdSync === 'any' ? 'both' : settings.messageIdSync,
    members: 3,
  });
  runs(theorem, revision, WALKS, settingsFor, (steps) => {
    for (const step of steps) {
      if (!theorem.assumes.every(({ holds }) => holds(step.before, stepOf(step.move)))) return;
      if (step.isBroken) isBroken = true;
      const broken = new Set(brokenClauses(left, step));
      if (broken.size > 0) left = left.filter(({ id }) => !broken.has(id));
    }
  });
  return isBroken ? null : left;
}

/** All that could speak against something in one kind of step. */
interface Part {
  readonly name: string;
  readonly proof: TheoremProof;
  /** Against the property, the shapes and the clauses of the theorem. */
  readonly own: readonly Case[];
  /** Against what is tried, by its id; worked out when it is asked for. */
  readonly against: (id: string) => readonly Case[];
  /** What is not to be taken to hold: all that was tried but these, by their ids. */
  readonly leftOut: (chosen: ReadonlySet<string>) => ReadonlySet<string>;
}

async function partsOf(
  { rewritten, property, settings, relations }: Failed,
  { goOn }: Searching,
): Promise<readonly Part[]> {
  const clauses = new Map(rewritten.candidates.map((each) => [each.id, each]));
  const parts: Part[] = [];
  for (const relation of relations) {
    const proof = new TheoremProof(relation, rewritten.theorem, property, settings);
    const taken = new Set<string>();
    const part = (
      name: string,
      own: readonly Obligation[],
      casesOf: (clause: Candidate) => readonly Case[],
    ): Part => {
      const known = new Map<string, readonly Case[]>();
      return {
        name,
        proof,
        own: own.flatMap(({ cases }) => cases),
        against: (id) => {
          const clause = clauses.get(id);
          if (clause === undefined) throw new Error(`no candidate has the id ${id}`);
          if (!taken.has(id)) proof.take(clause);
          taken.add(id);
          const cases = known.get(id) ?? casesOf(clause);
          known.set(id, cases);
          return cases;
        },
        leftOut: (chosen) => new Set([...taken].filter((id) => !chosen.has(id))),
      };
    };
    const atStart = (clause: Candidate): readonly Case[] =>
      proof.atStart([clause]).flatMap(({ statement, cases }) => (statement === clause.id ? cases : []));
    parts.push(part(START, proof.atStart(), atStart));
    for (const step of relation.steps) {
      await goOn();
      const { obligations, ways } = proof.ofStep(step);
      parts.push(part(step.name, obligations, (clause) => proof.against(clause, step, ways).cases));
    }
  }
  return parts;
}

interface Stated {
  readonly id: string;
  readonly case: Case;
}

/** The cases against some of what is tried; they are worked out one by one, so that there is time to stop. */
async function casesAgainst(
  part: Part,
  chosen: readonly Candidate[],
  { goOn }: Searching,
): Promise<readonly Stated[]> {
  const all: Stated[] = [];
  for (const { id } of chosen) {
    await goOn();
    all.push(...part.against(id).map((each) => ({ id, case: each })));
  }
  return all;
}

const idsOf = (chosen: readonly Candidate[]): ReadonlySet<string> => new Set(chosen.map(({ id }) => id));

/** Those that hold at the start, and that every step keeps where all of them and the clauses of the theorem hold. */
async function keptTogether(
  parts: readonly Part[],
  tried: readonly Candidate[],
  search: Searching,
): Promise<readonly Candidate[]> {
  const dropped = new Set<string>();
  // A weaker one follows from the stronger, and is asked of once that is dropped.
  const live = (): readonly Candidate[] => {
    const left = tried.filter(({ id }) => !dropped.has(id));
    const weaker = new Set(left.map((each) => each.weaker));
    return left.filter(({ id }) => !weaker.has(id));
  };
  for (let isStable = false; !isStable; ) {
    isStable = true;
    for (const part of parts) {
      for (let isKept = false; !isKept; ) {
        const broken = await brokenBy(part, live(), search);
        for (const id of broken) dropped.add(id);
        isKept = broken.length === 0;
        if (!isKept) isStable = false;
      }
    }
  }
  return live();
}

/** Some that a step does not keep where all of them hold, by their ids, or of which it is not known; none if it keeps all. */
async function brokenBy(
  part: Part,
  alive: readonly Candidate[],
  search: Searching,
): Promise<readonly string[]> {
  const { name, proof } = part;
  const asked = await casesAgainst(part, alive, search);
  const leftOut = part.leftOut(idsOf(alive));
  for (let from = 0; from < asked.length; from += MOST_CASES) {
    const some = asked.slice(from, from + MOST_CASES);
    const cases = some.map((each) => each.case);
    const text = proof.questionText(cases, leftOut);
    const answer = await search.ask({ name: `what ${name} keeps`, text, wanted: 'either' });
    if (answer.result === 'unsat') continue;
    if (answer.result === 'unknown') return some.map(({ id }) => id);
    // Whatever the numbers that were found break is dropped at once.
    const values = proof.valuesIn(text, answer);
    const first = some[Number(answer.value('case'))];
    return asked
      .filter((each) => each === first || takesPath(each.case.decisions, values))
      .map(({ id }) => id);
  }
  return [];
}

/** As few of those that are kept as make the proof; null if all of them do not. */
async function enoughOf(
  parts: readonly Part[],
  kept: readonly Candidate[],
  search: Searching,
): Promise<readonly Candidate[] | null> {
  const failing = (chosen: readonly Candidate[]) => failingWith(parts, chosen, search);
  if ((await failing(kept)) !== null) return null;
  let chosen: readonly Candidate[] = [];
  for (let fails = await failing(chosen); fails !== null; fails = await failing(chosen)) {
    // Only those that are false in the world in which the proof fails can help there.
    const broken = fails.values === null ? null : fails.proof.brokenIn(fails.values);
    const helping = kept.filter((each) => !chosen.includes(each) && (broken === null || broken.has(each.id)));
    chosen = helping.length === 0 ? kept : [...chosen, ...helping];
  }
  // One after the other is left out that is not needed, those of messages first; what there is no time for stays.
  try {
    for (const each of chosen.toReversed()) {
      const fewer = chosen.filter((other) => other !== each);
      if ((await failing(fewer)) === null) chosen = fewer;
    }
  } catch (error) {
    if (!(error instanceof OutOfTime)) throw error;
  }
  return chosen;
}

/** Where the proof fails with some of those that are tried, with numbers if there are any; null if it does not. */
async function failingWith(
  parts: readonly Part[],
  chosen: readonly Candidate[],
  search: Searching,
): Promise<{ readonly proof: TheoremProof; readonly values: Values | null } | null> {
  for (const part of parts) {
    const { name, proof, own } = part;
    const stated = await casesAgainst(part, chosen, search);
    const leftOut = part.leftOut(idsOf(chosen));
    for (const some of inParts([...own, ...stated.map((each) => each.case)])) {
      const text = proof.questionText(some, leftOut);
      const answer = await search.ask({ name: `${name}, with what was found`, text, wanted: 'either' });
      if (answer.result === 'unsat') continue;
      return { proof, values: answer.result === 'sat' ? proof.valuesIn(text, answer) : null };
    }
  }
  return null;
}
