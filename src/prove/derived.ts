/**
 * Proofs for all numbers, over the relation that is derived from the functions of a revision itself: a shipped one, an
 * author's, or one without some of its rules.
 */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import {
  ablatable,
  compose,
  ikev2,
  type ProgressProperty,
  properties,
  type Revision,
  type SafetyProperty,
  type Settings,
  settingSpecs,
  usual,
} from '../../model/index.ts';
import { assumptions as writtenAssumptions } from '../../proofs/assumptions.ts';
import { candidatesOf } from '../../proofs/candidates.ts';
import { openProperties } from '../../proofs/open.ts';
import { type Assumption, type Clause, type PeerKind, peerKind, type Theorem } from '../../proofs/theorem.ts';
import * as writtenTheorems from '../../proofs/theorems.ts';
import { mustBeConfirmed } from '../author/ledger.ts';
import { isRevisionFile, revisionOf } from '../author/revision-file.ts';
import { readRevision } from '../author/revision-in.ts';
import { exampleOf, takesPath, type Values, valuesFrom, withLists } from '../derive/example.ts';
import { NotFollowed, sumOf } from '../derive/linear.ts';
import { type Loaded, loadRewritten, packageFile, type Source } from '../derive/load.ts';
import { Variables } from '../derive/paths.ts';
import { type Relation, type RewrittenModel, relationsOf, withMembers } from '../derive/relation.ts';
import { type Disagreement, disagreement } from '../derive/validate.ts';
import { unsupported } from '../derive/worlds.ts';
import { settingsWith, withoutRule } from '../questions/check.ts';
import { UsageError } from '../questions/usage-error.ts';
import { type Inferred, inferred } from './infer.ts';
import {
  isOfProgress,
  proveSchedule,
  type ScheduleOutcome,
  seesNothing,
  sentStatements,
} from './progress-proof.ts';
import type { Query, Solver } from './solver.ts';
import { type BrokenStep, pathText, proveTheorem, type Row } from './theorem-proof.ts';

/** What is to be proved. */
export interface TheoremQuestion {
  /** A revision by its name, or a file. */
  readonly revision: string;
  readonly property: string;
  /** Settings, as `key=value`. */
  readonly set: readonly string[];
  /** Rules that are left out. */
  readonly without: readonly string[];
  /** Assumptions by id; those of the theorem, if nothing is said. */
  readonly assume?: readonly string[];
  /** Whether statements that the proof lacks are looked for, should it fail. */
  readonly infer?: boolean;
  /** Statements that were found in this way, by their ids: taken as further clauses, and proved as the others are. */
  readonly with?: readonly string[];
}

/** What the derived paths came to when the model itself took them. */
export interface Validation {
  readonly paths: number;
  readonly agreed: number;
  /** Paths that no numbers take. */
  readonly empty: number;
  /** Paths of which the solver did not know. */
  readonly unknown: number;
  readonly disagreement: Disagreement | null;
}

/** The steps that lead to the goal of a progress property, from any world that can be reached. */
export interface ScheduleFound {
  /** In this order, with when each is due: the first that is due is taken. */
  readonly steps: readonly { readonly step: string; readonly says: string }[];
  /** How many of them it takes at most. */
  readonly most: number;
  /** What its paths came to when the model itself took them. */
  readonly validation: Validation;
}

export interface DerivedResult {
  readonly revision: string;
  readonly property: string;
  readonly title: string;
  readonly verdict: 'proved' | 'not proved' | 'inconclusive';
  /** Why it is inconclusive; absent if it is not. */
  readonly because?: string;
  readonly without: readonly string[];
  readonly set: readonly string[];
  readonly assumptions: readonly Pick<Assumption, 'id' | 'says'>[];
  /** For which worlds, in words. */
  readonly scope: readonly string[];
  readonly clauses: readonly { readonly id: string; readonly says: string }[];
  /** How the goal of a progress property is reached; absent of a safety property. */
  readonly schedule?: ScheduleFound;
  readonly rows: readonly Row[];
  readonly validation: Validation;
  readonly broken: BrokenStep | null;
  /** What became of the search for statements that the proof lacks; absent if there was none. */
  readonly inferred?: Inferred;
  readonly sources: readonly Source[];
  readonly solver: string;
  /** Other solvers that were asked the same: how many questions they answered alike, and of how many they did not know. */
  readonly others: readonly { readonly name: string; readonly alike: number; readonly unknown: number }[];
  readonly questions: number;
  /** SHA-256 of all questions (SMT-LIB, in order, UTF-8). */
  readonly digest: string;
  readonly seconds: number;
  /** What its run of the model itself is looked for in, should the proof fail. */
  readonly plain: { readonly revision: Revision; readonly settings: Settings };
}

export interface DerivedOptions {
  /** Puts a question; `unknown` if it has no answer. */
  readonly ask: Solver['ask'];
  /** Its name and version. */
  readonly solver: string;
  /** Others that are asked the same; where one answers otherwise, nothing is proved. */
  readonly others?: readonly { readonly name: string; readonly ask: Solver['ask'] }[];
  readonly onProgress?: (what: string) => void;
  /** Aborted to end the proof. */
  readonly signal?: { readonly aborted: boolean };
  /** How long statements that a proof lacks are looked for, in seconds. Default: `SECONDS_FOR_A_SEARCH`. */
  readonly secondsToInfer?: number;
  /** Clauses of the theorem that are left out, by their ids: to see what becomes of the proof. */
  readonly clausesLeftOut?: readonly string[];
  /** The kind of step that alone is looked at, by its name: to see what breaks there. Nothing is proved by it. */
  readonly stepAlone?: string;
}

/** How long statements that a proof lacks are looked for. */
export const SECONDS_FOR_A_SEARCH = 600;

/** A proof was ended by its `signal`. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Bounds have no place in a proof for all numbers. */
const BOUNDS: readonly (keyof Settings)[] = [
  'members',
  'failovers',
  'peerFailovers',
  'requests',
  'packets',
  'retries',
  'lag',
];

/** What the rewritten modules export. */
interface Rewritten {
  readonly model: RewrittenModel & {
    readonly without: (revision: Revision, rule: string) => Revision | undefined;
    readonly revisions: readonly Revision[];
    readonly ikev2: Revision;
    readonly safetyProperties: readonly SafetyProperty[];
    readonly progressProperties: readonly ProgressProperty[];
  };
  readonly theorems: readonly Theorem[];
  readonly theoremsOfClusters: readonly Theorem[];
  readonly assumptions: readonly Assumption[];
  /** Only where they are asked for. */
  readonly candidatesOf?: typeof candidatesOf;
  readonly own?: Readonly<Record<string, unknown>>;
}

/** Both readings of a revision: as it is, and rewritten. */
interface Both {
  readonly plain: Revision;
  readonly rewritten: Revision;
  readonly modules: Rewritten;
  readonly sources: readonly Source[];
}

const loading = new Map<string, Promise<Loaded>>();

/** Whether a question is about statements that no theorem has. */
const asksMore = ({ infer, with: further }: Pick<TheoremQuestion, 'infer' | 'with'>): boolean =>
  infer === true || further !== undefined;

/** The model, the theorems and an author's file, put together and rewritten; once for each file. */
function loaded(file: string | null, asksMore: boolean): Promise<Loaded> {
  const key = JSON.stringify([file, asksMore]);
  const known = loading.get(key);
  if (known !== undefined) return known;
  const from = (path: string): string => JSON.stringify(path);
  const text = [
    `export * as model from ${from(packageFile('model/index'))};`,
    `export { theorems, theoremsOfClusters } from ${from(packageFile('proofs/theorems'))};`,
    `export { assumptions } from ${from(packageFile('proofs/assumptions'))};`,
    ...(asksMore ? [`export { candidatesOf } from ${from(packageFile('proofs/candidates'))};`] : []),
    ...(file === null ? [] : [`export * as own from ${from(resolve(file))};`]),
  ].join('\n');
  const load = loadRewritten(text);
  loading.set(key, load);
  return load;
}

/**
 * Proves a property, or says what stands in the way.
 *
 * @throws UsageError where something is asked that no proof is about, or a function of an author cannot be followed
 * @throws Interrupted once `signal` is aborted
 */
export async function proveDerived(
  question: TheoremQuestion,
  options: DerivedOptions,
): Promise<DerivedResult> {
  const start = performance.now();
  const { property, set, without } = question;
  const both = await bothReadings(question);
  const peer = peerKind(settingsFor(both.plain, theoremOf(both.modules, property), set, new Variables()));
  if (peer === 'cluster' && asksMore(question)) {
    throw new UsageError(
      'statements that a proof lacks are looked for with a plain peer only: none is made yet of the standbys and nonces of another cluster',
      'leave out --infer, or peer-members',
    );
  }
  const whole = theoremOf(both.modules, property, peer);
  const candidates = both.modules.candidatesOf?.(whole) ?? [];
  const isMeant = ({ id }: Pick<Clause, 'id'>): boolean => options.clausesLeftOut?.includes(id) !== true;
  const theorem: Theorem = {
    ...whole,
    clauses: [...whole.clauses.filter(isMeant), ...(question.with ?? []).map(among(candidates))],
  };
  const assumes = assumedBy(both.modules, theorem, question.assume);
  const goal = both.modules.model.progressProperties.find(({ id }) => id === property);
  const about =
    goal === undefined
      ? both.modules.model.safetyProperties.find(({ id }) => id === property)
      : seesNothing(goal);
  if (about === undefined) throw new Error(`the model has no property ${property}`);

  const digest = createHash('sha256');
  let questions = 0;
  const others = (options.others ?? []).map(({ name, ask: askOther }) => ({
    name,
    askOther,
    alike: 0,
    unknown: 0,
  }));
  let contradiction: string | null = null;
  // What is computed between two questions keeps signals waiting, so that they have to be let in.
  const goOn = async (): Promise<void> => {
    await setImmediate();
    if (options.signal?.aborted === true) throw new Interrupted('the proof was interrupted');
  };
  const ask = async (query: Query): ReturnType<Solver['ask']> => {
    await goOn();
    options.onProgress?.(`${question.revision}: ${property}: ${query.name}`);
    if (query.wanted === 'either') return options.ask(query);
    digest.update(query.text, 'utf8');
    questions++;
    const [answer, ...opinions] = await Promise.all([
      options.ask(query),
      // One that fails has no answer; what is proved does not rest on it.
      ...others.map(({ askOther }) => askOther(query).catch(() => ({ result: 'unknown' as const }))),
    ]);
    for (const [index, other] of others.entries()) {
      const result = opinions[index]?.result ?? 'unknown';
      if (result === 'unknown') other.unknown++;
      else if (result === answer.result) other.alike++;
      else if (answer.result !== 'unknown')
        contradiction ??= `${other.name} answers '${query.name}' otherwise`;
    }
    return answer;
  };

  options.onProgress?.(`${question.revision}: ${property}: deriving the relation`);
  const { stepAlone } = options;
  const { settings, relations, validation } = await derivedFor(
    question,
    both,
    theorem,
    { ask, goOn },
    stepAlone,
  );
  const rows: Row[] = [];
  let broken: BrokenStep | null = null;
  let isKnown = true;
  const impossible = new Set<string>();
  const possible = new Set<string>();
  let schedule: ScheduleFound | undefined;
  for (const relation of relations) {
    const meant = { ...theorem, assumes };
    const of = goal !== undefined && isOfProgress(meant) ? { theorem: meant, goal } : null;
    const outcome = await proveTheorem(
      relation,
      meant,
      about,
      settings,
      { ask },
      of === null ? undefined : sentStatements(relation, of.theorem, both.rewritten, settings),
    );
    const led =
      of === null
        ? null
        : await proveSchedule(relation, of.theorem, of.goal, both.rewritten, settings, { ask });
    for (const each of led === null ? [outcome] : [outcome, led]) {
      rows.push(...each.rows);
      broken ??= each.broken;
      if (each.verdict === 'unknown') isKnown = false;
    }
    for (const name of [...relation.steps, ...(led?.taken ?? [])].map((step) => step.name)) {
      const isNever = outcome.impossible.includes(name) || led?.impossible.includes(name) === true;
      (isNever ? impossible : possible).add(name);
    }
    if (led !== null) {
      const asSteps = { ...relation, steps: led.taken };
      schedule = scheduleWith(schedule, led, await validated(asSteps, both.plain, settings, { ask, goOn }));
    }
  }
  const never = [...impossible].filter((name) => !possible.has(name));
  const disagreed = validation.disagreement ?? schedule?.validation.disagreement ?? null;
  const notKnown = validation.unknown + (schedule?.validation.unknown ?? 0);
  const because = [
    contradiction,
    disagreed === null ? null : `the derived step '${disagreed.step}' is not what the model does`,
    notKnown === 0 ? null : `of ${notKnown} paths it is not known whether the model takes them`,
    isKnown ? null : 'the solver did not decide all questions in time',
    broken !== null || never.length === 0
      ? null
      : `nothing is shown of steps that cannot be taken as it is assumed: ${never.join(', ')}`,
    broken !== null || stepAlone === undefined ? null : `only the step '${stepAlone}' was looked at`,
  ].find((why) => why !== null);
  const written = theoremsWith(writtenTheorems, peer).find((each) => each.property === property);
  const search =
    question.infer === true && because === undefined && broken !== null && written !== undefined
      ? await inferred(
          {
            written: {
              theorem: {
                ...written,
                assumes: writtenAssumptions.filter(({ id }) => assumes.some((each) => each.id === id)),
              },
              candidates: candidatesOf(written),
            },
            rewritten: { theorem: { ...theorem, assumes }, candidates },
            property: about,
            revision: both.plain,
            settings,
            relations,
          },
          { ask, goOn, seconds: options.secondsToInfer ?? SECONDS_FOR_A_SEARCH },
        )
      : undefined;
  const seconds = (): number => Math.round(performance.now() - start) / 1000;
  if (search !== undefined && search.found !== null) {
    const found = search.found.map(({ id }) => id);
    const { infer: _, ...asked } = question;
    const proof = await proveDerived({ ...asked, with: [...(question.with ?? []), ...found] }, options);
    return { ...proof, inferred: search, seconds: seconds() };
  }
  return {
    revision: both.plain.name,
    property,
    title: properties.find(({ id }) => id === property)?.title ?? property,
    verdict: because !== undefined ? 'inconclusive' : broken === null ? 'proved' : 'not proved',
    ...(because === undefined ? {} : { because }),
    without,
    set,
    assumptions: assumes.map(({ id, says }) => ({ id, says })),
    scope: [...scopeWords(settings, set), ...(schedule === undefined ? [] : [OF_PROGRESS])],
    clauses: [...theorem.clauses, ...(theorem.progress?.sent ?? [])].map(({ id, says }) => ({ id, says })),
    ...(schedule === undefined ? {} : { schedule }),
    rows: joined(rows),
    validation,
    broken,
    ...(search === undefined ? {} : { inferred: search }),
    sources: both.sources,
    solver: options.solver,
    others: others.map(({ name, alike, unknown }) => ({ name, alike, unknown })),
    questions,
    digest: digest.digest('hex'),
    seconds: seconds(),
    plain: { revision: both.plain, settings },
  };
}

/** Where IKE_AUTH may have gone in several ways, the schedule of all of them. */
const scheduleWith = (
  known: ScheduleFound | undefined,
  { steps, most }: ScheduleOutcome,
  validation: Validation,
): ScheduleFound => ({
  steps,
  most: Math.max(most, known?.most ?? 0),
  validation: known === undefined ? validation : added(known.validation, validation),
});

/** @throws UsageError for an id that no candidate has */
const among =
  (candidates: readonly Clause[]) =>
  (id: string): Clause => {
    const found = candidates.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new UsageError(
      `there is no statement '${id}' that a proof could be made with`,
      'ipsecha prove --infer names those that it finds',
    );
  };

/**
 * The question by which a proof is made again: where statements were found, it names them, so that nothing has to be
 * looked for.
 */
export function questionAgain(
  { infer, ...question }: TheoremQuestion,
  { inferred: search }: Pick<DerivedResult, 'inferred'>,
): TheoremQuestion {
  if (infer !== true) return question;
  const found = (search?.found ?? []).map(({ id }) => id);
  return { ...question, with: [...(question.with ?? []), ...found] };
}

/** A property that there is no theorem of, and what a proof lacks. */
export interface OpenFor {
  readonly revision: string;
  readonly property: string;
  readonly title: string;
  readonly lacks: string;
}

/** Those of the properties that are open, of the ones that are named; of all, if none is. */
export const openFor = (revision: string, named: readonly string[]): readonly OpenFor[] =>
  openProperties
    .filter(({ property }) => named.length === 0 || named.includes(property))
    .map(({ property, lacks }) => ({
      revision,
      property,
      title: properties.find(({ id }) => id === property)?.title ?? property,
      lacks,
    }));

/** A property that can be proved of a revision. */
export interface ProvableFor {
  readonly property: string;
}

/**
 * The theorems that are about a revision: those that are named, or all but those that cannot be broken there anyway,
 * since the revision lacks what they are about.
 *
 * @throws UsageError for a property that there is no theorem of
 */
export async function provableFor(
  revision: string,
  named: readonly string[],
  without: readonly string[],
): Promise<readonly ProvableFor[]> {
  const { plain, modules } = await bothReadings({ revision, without });
  if (named.length > 0) return named.map((property) => theoremOf(modules, property));
  return modules.theorems.filter(({ property, settings }) => {
    const about = properties.find(({ id }) => id === property);
    const all = { ...usual, ...settings, requests: settings.requests ?? 1, packets: settings.packets ?? 0 };
    // Of messages that are not well formed there are none in the model, so that is as good as said of all revisions.
    return about?.nothingToBreak?.(plain, { ...all, failovers: 2, retries: 2, retry: 'fresh' }) === undefined;
  });
}

/**
 * The rules that make a difference to the steps that a theorem is about, as far as can be told from which functions are
 * called to derive them: whatever other rule is left out, the steps are the same, and so is all that is proved of them.
 */
export async function rulesCalled(
  question: Pick<TheoremQuestion, 'revision' | 'property'>,
): Promise<readonly string[]> {
  const both = await bothReadings({ ...question, without: [] });
  const { model } = both.modules;
  const variables = new Variables();
  const settings = settingsFor(both.plain, theoremOf(both.modules, question.property), [], variables);
  const called = new Set<string>();
  relationsOf(model, watched(both.rewritten, called), settings, variables);
  return ablatable(both.plain).filter((rule) => {
    const left = model.without(both.rewritten, rule);
    return left === undefined || changedSlots(both.rewritten, left).some((slot) => called.has(slot));
  });
}

type Slots = Readonly<Record<string, unknown>>;

const isSlots = (section: unknown): section is Slots => typeof section === 'object' && section !== null;

/** What differs in two revisions: slots as `section.slot`, or a whole section or field. */
const changedSlots = (one: Revision, other: Revision): readonly string[] =>
  Object.entries(one).flatMap(([name, section]: [string, unknown]) => {
    const changed: unknown = (other as unknown as Slots)[name];
    if (section === changed) return [];
    if (!isSlots(section) || !isSlots(changed)) return [name];
    return Object.keys({ ...section, ...changed })
      .filter((slot) => section[slot] !== changed[slot])
      .map((slot) => (typeof changed[slot] === 'function' ? `${name}.${slot}()` : `${name}.${slot}`));
  });

/**
 * The revision, which notes the slots that are read (`section.slot`) and called (`section.slot()`). A function that is read
 * to be named is called no more than that.
 */
function watched(revision: Revision, noted: Set<string>): Revision {
  const watchedSlots = (name: string, section: Slots): Slots => {
    const functions = new Map<PropertyKey, unknown>();
    return new Proxy(
      { ...section },
      {
        get: (slots, slot) => {
          const known = functions.get(slot);
          if (known !== undefined) return known;
          const value: unknown = Reflect.get(slots, slot);
          noted.add(`${name}.${String(slot)}`);
          if (typeof value !== 'function') return value;
          const noting: unknown = new Proxy(value, {
            apply: (called, self, given) => {
              noted.add(`${name}.${String(slot)}()`);
              return Reflect.apply(called as () => unknown, self, given);
            },
          });
          functions.set(slot, noting);
          return noting;
        },
      },
    );
  };
  return Object.fromEntries(
    Object.entries(revision).map(([name, section]: [string, unknown]) => [
      name,
      isSlots(section) && !Array.isArray(section) ? watchedSlots(name, section) : section,
    ]),
  ) as unknown as Revision;
}

async function bothReadings({
  revision: named,
  without,
  ...further
}: Pick<TheoremQuestion, 'revision' | 'without' | 'infer' | 'with'>): Promise<Both> {
  const plain = await revisionOf(named);
  if (plain.exchanges !== undefined) {
    throw new UsageError(
      `${named}: nothing can be proved of it: it has exchanges of its own, and what their messages and memory look like is not known`,
      'ipsecha check explores it',
    );
  }
  const isFile = isRevisionFile(named);
  const { exports, sources } = await followed(named, () => loaded(isFile ? named : null, asksMore(further)));
  const modules = exports as unknown as Rewritten;
  const { model } = modules;
  const whole = isFile
    ? ownRevision(modules, named)
    : model.revisions.find(({ name }) => name === plain.name);
  if (whole === undefined) throw new Error(`the rewritten model has no ${plain.name}`);
  return {
    plain: without.reduce(withoutRule, plain),
    rewritten: without.reduce((revision, rule) => model.without(revision, rule) ?? revision, whole),
    modules,
    sources,
  };
}

/** The revision of an author's file, rewritten; what it leaves out is that of the rewritten model. */
function ownRevision({ model, own = {} }: Rewritten, file: string): Revision {
  const revision = readRevision(own, file);
  return revision.esp === ikev2.esp ? { ...revision, esp: model.ikev2.esp } : revision;
}

/** A relation that was derived, with the settings that it is of, and what came of its paths in the model itself. */
interface Derived {
  readonly settings: Settings;
  readonly relations: readonly Relation[];
  readonly validation: Validation;
}

/** How the solver is asked, and whether to go on: throws if not. */
interface Asking {
  readonly ask: Solver['ask'];
  readonly goOn: () => Promise<void>;
}

const deriving = new Map<string, Promise<Derived>>();

/**
 * The relation that a theorem is about: once for all theorems with the same settings.
 *
 * @param stepAlone the kind of step that alone is looked at, by its name; undefined for all
 */
function derivedFor(
  { revision, set, without, ...further }: TheoremQuestion,
  both: Both,
  theorem: Theorem,
  asking: Asking,
  stepAlone?: string,
): Promise<Derived> {
  const key = JSON.stringify([
    revision,
    set,
    without,
    asksMore(further),
    theorem.settings,
    theorem.settings.packets === Infinity,
    stepAlone ?? null,
  ]);
  const known = deriving.get(key);
  if (known !== undefined) return known;
  const derive = async (): Promise<Derived> => {
    const variables = new Variables();
    const settings = settingsFor(both.plain, theorem, set, variables);
    await asking.goOn();
    const relations = derived(both, settings, variables, revision).map((relation) => ({
      ...relation,
      steps: relation.steps.filter(({ name }) => stepAlone === undefined || nameInTable(name) === stepAlone),
    }));
    let validation: Validation = { paths: 0, agreed: 0, empty: 0, unknown: 0, disagreement: null };
    for (const relation of relations) {
      validation = added(validation, await validated(relation, both.plain, settings, asking));
    }
    // What was followed once is what a rule does only if it does the same each time.
    await mustBeConfirmed(both.plain);
    return { settings, relations, validation };
  };
  const made = derive();
  deriving.set(key, made);
  // What was interrupted is not kept.
  made.catch(() => deriving.delete(key));
  return made;
}

function derived(both: Both, settings: Settings, variables: Variables, named: string): readonly Relation[] {
  try {
    return relationsOf(both.modules.model, both.rewritten, settings, variables);
  } catch (error) {
    throw notFollowed(named, error);
  }
}

async function followed<T>(named: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw notFollowed(named, error);
  }
}

const notFollowed = (named: string, error: unknown): unknown => {
  if (error instanceof NotFollowed) {
    return new UsageError(
      `${named}: nothing can be proved of it: ${error.message}`,
      'a rule that is to be proved adds, subtracts and compares numbers of its arguments, and reads nothing else; ipsecha check explores any rule',
    );
  }
  // Of a file of an author's, what is thrown is theirs: our own functions are followed in tests.
  return isRevisionFile(named) && error instanceof Error && !(error instanceof UsageError)
    ? new UsageError(
        `${named}: nothing can be proved of it: a rule threw ${error.name}: ${error.message}`,
        'ipsecha check shows the rule, its arguments and the run that led there',
      )
    : error;
};

const theoremsWith = (
  { theorems, theoremsOfClusters }: Pick<Rewritten, 'theorems' | 'theoremsOfClusters'>,
  peer: PeerKind,
): readonly Theorem[] => (peer === 'plain' ? theorems : theoremsOfClusters);

function theoremOf(written: Rewritten, property: string, peer: PeerKind = 'plain'): Theorem {
  const theorems = theoremsWith(written, peer);
  const theorem = theorems.find((each) => each.property === property);
  if (theorem !== undefined) return theorem;
  throw new UsageError(
    `there is no theorem of '${property}'${peer === 'plain' ? '' : ' where the other end is a cluster'}`,
    `there are theorems of: ${theorems.map((each) => each.property).join(', ')}`,
  );
}

function assumedBy(
  { assumptions }: Rewritten,
  theorem: Theorem,
  asked: readonly string[] | undefined,
): readonly Assumption[] {
  if (asked === undefined) return theorem.assumes;
  const named = asked.filter((id) => id !== 'none');
  return named.map((id) => {
    const found = assumptions.find((each) => each.id === id);
    if (found !== undefined) return found;
    throw new UsageError(
      `there is no assumption '${id}'`,
      `assumptions are: ${assumptions.map((each) => each.id).join(', ')}; or none`,
    );
  });
}

/** The settings of a proof: no bounds, any bump and delta unless one is given. */
function settingsFor(
  revision: Revision,
  theorem: Theorem,
  set: readonly string[],
  variables: Variables,
): Settings {
  const bound = set.find((change) =>
    settingSpecs.some(({ key, field }) => key === change.split('=')[0] && BOUNDS.includes(field)),
  );
  if (bound !== undefined) {
    throw new UsageError(
      `--set ${bound}: a proof has no such bound: it is about any number`,
      'leave it out; ipsecha check explores within bounds',
    );
  }
  // A number that is not known is one to the model.
  const any = (name: string, least: number): number =>
    sumOf(variables.named(name, least)) as unknown as number;
  const base: Settings = {
    ...usual,
    requests: Infinity,
    failovers: Infinity,
    retries: Infinity,
    retry: 'fresh',
    bump: any('bump', 0),
    ...(theorem.settings.packets === Infinity ? { delta: any('delta', 0) } : {}),
    ...theorem.settings,
  };
  const given = settingsWith(base, set, revision);
  const settings: Settings = {
    ...given,
    ...(theorem.settings.packets === Infinity ? { replayWindow: windowIn(set, given, variables) } : {}),
    ...(peerKind(given) === 'cluster' ? { peerFailovers: Infinity } : {}),
  };
  const left = unsupported(settings);
  if (left.length > 0) {
    throw new UsageError(
      `the proofs do not go so far: ${left.join('; ')}`,
      'ipsecha check explores it within bounds',
    );
  }
  return settings;
}

const isGiven = (set: readonly string[], key: string): boolean =>
  set.some((change) => change.startsWith(`${key}=`));

/** The size of anti-replay windows: any, or the one that is given; a sum both times, so that its numbers are not listed. */
const windowIn = (set: readonly string[], { replayWindow: size }: Settings, variables: Variables): number =>
  sumOf(
    isGiven(set, 'replay-window')
      ? variables.named('replay-window', size, size)
      : variables.named('replay-window', 1),
  ) as unknown as number;

/** What is and what is not covered, in words. */
function scopeWords(settings: Settings, set: readonly string[]): readonly string[] {
  const hasEsp = settings.packets > 0;
  const amounts = [
    isGiven(set, 'bump') ? `bump ${settings.bump}` : 'any bump',
    ...(hasEsp ? [isGiven(set, 'delta') ? `delta ${settings.delta}` : 'any delta'] : []),
  ];
  const size = set.find((change) => change.startsWith('replay-window='))?.split('=')[1];
  const isPlain = peerKind(settings) === 'plain';
  const readings = set.filter((change) => !change.startsWith('peer-members='));
  return [
    `any ${hasEsp ? 'Message IDs, sequence numbers, packets' : 'Message IDs, requests'}, failovers, members; any state sync, however old; any message lost, late or replayed; ${amounts.join(', ')}`,
    ...(hasEsp
      ? [
          `one Child SA, which stands for each, with ${size === undefined ? 'an anti-replay window of any size' : `anti-replay window ${size}`}${settings.esn === 'on' ? ' and extended sequence numbers' : ''}; sync requests carry the delta; applications send packets, and no requests`,
        ]
      : []),
    `window ${settings.window}; a sync request is sent again as it was${settings.retry === 'fresh' ? ', or replaced by another' : ''}; ${isPlain ? 'a plain peer' : 'both ends clusters of any number of members, which may fail over at once'}; ${readings.length === 0 ? 'the usual readings' : `${readings.join(', ')}, else the usual readings`}`,
    ...(settings.ikeIv === 'random'
      ? []
      : [
          `initialization vectors of IKE are made from ${settings.ikeIv === 'counter' ? 'a counter' : 'the Message ID'} (ike-iv=${settings.ikeIv})`,
        ]),
    `not covered: ${hasEsp ? `${settings.esn === 'on' ? '' : 'extended sequence numbers, '}ESP beside requests` : 'ESP and its counters'}, ${isPlain ? 'the other end a cluster, ' : ''}rekeying, a delta in a request of its own`,
  ];
}

/** What a schedule needs, and what it does without. */
const OF_PROGRESS =
  'from every world that can be reached: it takes no request of an application, no state sync, no failover, and no new sync request; only that what was sent once still arrives. That no failover is left means that none comes from there on. Over a network that can lose a message for good it is not claimed';

/** Every path is taken by the model itself, with numbers that lead along it. */
async function validated(
  relation: Relation,
  plain: Revision,
  settings: Settings,
  { ask, goOn }: Asking,
): Promise<Validation> {
  const systems = new Map<string, ReturnType<typeof compose>>();
  const all = relation.variables.all;
  const systemOf = (values: Values, members: number): ReturnType<typeof compose> => {
    const of = (field: 'bump' | 'delta' | 'replayWindow', name: string): number =>
      typeof settings[field] === 'number' ? settings[field] : values(name);
    const [bump, delta] = [of('bump', 'bump'), of('delta', 'delta')];
    const replayWindow = of('replayWindow', 'replay-window');
    const key = `${members} ${bump} ${delta} ${replayWindow}`;
    const known = systems.get(key);
    if (known !== undefined) return known;
    const system = compose(plain, { ...withMembers(settings, members), bump, delta, replayWindow });
    systems.set(key, system);
    return system;
  };
  let validation: Validation = { paths: 0, agreed: 0, empty: 0, unknown: 0, disagreement: null };
  for (const step of relation.steps) {
    for (const path of step.paths) {
      await goOn();
      let values = exampleOf(path.decisions, path.known, all);
      let isEmpty = false;
      if (values === null) {
        const answer = await ask({
          name: `${step.name}: numbers for a path`,
          text: pathText(path, all),
          wanted: 'either',
        });
        isEmpty = answer.result === 'unsat';
        if (answer.result === 'sat') {
          const found = withLists(
            path.decisions,
            valuesFrom(new Map(all.map(({ name }) => [name, Number(answer.value(name))])), all),
          );
          values = takesPath(path.decisions, found) ? found : null;
        }
      }
      // Where others are told something, a system without any but those that are named.
      const third = relation.boxes[step.end].others[1];
      const isWithoutThird = third === undefined || !step.rule.places.includes(third);
      const members = step.others === 'told' && isWithoutThird ? 2 : 3;
      const differs = values === null ? null : disagreement(step, path, values, systemOf(values, members));
      validation = added(validation, {
        paths: 1,
        agreed: values !== null && differs === null ? 1 : 0,
        empty: isEmpty ? 1 : 0,
        unknown: values === null && !isEmpty ? 1 : 0,
        disagreement: differs,
      });
    }
  }
  return validation;
}

const added = (one: Validation, other: Validation): Validation => ({
  paths: one.paths + other.paths,
  agreed: one.agreed + other.agreed,
  empty: one.empty + other.empty,
  unknown: one.unknown + other.unknown,
  disagreement: one.disagreement ?? other.disagreement,
});

const nameInTable = (step: string): string => step.replace(/, for the other members$/, '');

/** Rows of the same statement and step as one: a step is looked at in several ways. */
function joined(rows: readonly Row[]): readonly Row[] {
  const all = new Map<string, Row>();
  for (const row of rows) {
    const step = nameInTable(row.step);
    const key = `${step}: ${row.statement}`;
    const before = all.get(key);
    const worst =
      [before?.result, row.result].find((each) => each === 'broken') ??
      [before?.result, row.result].find((each) => each === 'unknown') ??
      'holds';
    all.set(key, { step, statement: row.statement, cases: (before?.cases ?? 0) + row.cases, result: worst });
  }
  return [...all.values()];
}
