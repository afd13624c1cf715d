/**
 * That less is not enough: for every b a run of the model's own steps, from the start, in which a member takes over
 * with a bump of b and a lag of b + 1, and a Message ID is used twice. By induction: a round of request, receipt and
 * response leads from the world after k rounds to the one after k + 1, whatever k is; from the one after b rounds, five
 * steps break the property. ESP likewise: a packet, and what follows the last.
 *
 * The steps are taken for all numbers at once (`src/derive`): whichever way the comparisons go, the next world is as said.
 */
import type {
  ActiveMember,
  Composition,
  Effect,
  Message,
  Revision,
  SafetyProperty,
  Settings,
  StepKind,
  Value,
} from '../../model/index.ts';
import { COUNTS, FURTHER_COUNTS, PEER } from '../../model/index.ts';
import { plus, type Sum, sumOf } from '../derive/linear.ts';
import { explore, type Variables } from '../derive/paths.ts';
import { members } from '../derive/relation.ts';
import { value } from '../derive/shape.ts';
import { unfitIn } from '../derive/values.ts';

/** The model, rewritten or as it is: with numbers that are not known, or with numbers. */
export interface SteppedModel {
  readonly compose: (revision: Revision, settings: Settings) => Composition;
  readonly safetyProperties: readonly SafetyProperty[];
}

/** The values of all places by name, and what the property remembers. */
interface Reached {
  readonly values: Readonly<Record<string, Value>>;
  readonly memory: unknown;
  /** Why the property is broken; null if it is not. */
  readonly because: string | null;
  readonly steps: number;
}

/** A way to waste numbers, and to use one of them twice. */
export interface Waste {
  readonly property: string;
  readonly settings: Partial<Settings>;
  /** How many steps the run for b has. */
  readonly steps: (b: number) => number;
  /** One more number used, known to all but the standby. */
  readonly round: (walk: Walk, from: Reached) => Reached;
  /** The world after so many rounds, from the one at the start; at least one. */
  readonly after: (start: Reached, rounds: number) => Reached;
  /** What comes after the rounds. */
  readonly end: (walk: Walk, from: Reached) => Reached;
  /** How many rounds there are before that. */
  readonly rounds: (b: number) => number;
}

/** Takes steps of a composition, and shows them to a property. */
class Walk {
  readonly #composition: Composition;
  readonly #property: SafetyProperty;

  constructor(composition: Composition, property: SafetyProperty) {
    this.#composition = composition;
    this.#property = property;
  }

  start(): Reached {
    const [initial = []] = this.#composition.initial;
    const values = Object.fromEntries(
      this.#composition.places.map(({ name }, index) => [name, initial[index] as Value]),
    );
    return { values, memory: this.#property.watch.initial, because: null, steps: 0 };
  }

  /** @returns where the step leads, and what it sends */
  take(
    from: Reached,
    kind: StepKind,
    at: readonly string[],
    message?: Message,
  ): readonly [Reached, readonly Message[]] {
    const rule = this.#composition.steps.find(
      (each) => each.kind === kind && at.every((name, index) => each.places[index] === name),
    );
    if (rule === undefined) throw new Error(`there is no step ${kind} at ${at.join(', ')}`);
    const values = rule.places.map((name) => from.values[name] as Value);
    const taken =
      rule.receives && message !== undefined
        ? rule.take(values, message)
        : rule.receives
          ? 'impossible'
          : rule.take(values);
    if (taken === 'impossible' || 'boundedBy' in taken) {
      throw new Error(`the step ${kind} at ${at.join(', ')} cannot be taken`);
    }
    const changed = Object.fromEntries(
      rule.places.map((name, index) => [name, taken.values[index] as Value]),
    );
    return [
      { ...this.#seen(from, taken), values: { ...from.values, ...changed }, steps: from.steps + 1 },
      taken.sent,
    ];
  }

  #seen({ memory, because }: Reached, { observations }: Effect): Pick<Reached, 'memory' | 'because'> {
    let known = memory;
    for (const observation of observations) {
      const next = this.#property.watch.observe(known, observation);
      if (!next.ok) return { memory: known, because: because ?? 'it is broken' };
      known = next.state;
    }
    return { memory: known, because };
  }
}

const { A, B } = members;

const only = (sent: readonly Message[]): Message => {
  const [message] = sent;
  if (message === undefined) throw new Error('nothing was sent');
  return message;
};

/** A number that may not be known, less one. */
const lessOne = (of: number): number => plus(of as Sum | number, -1) as number;

const active = ({ values }: Reached, name: string): ActiveMember => values[name] as ActiveMember;

/** Message IDs: each round is a request that is answered; the last request is not, nor does the standby know of any. */
export const messageIds: Waste = {
  property: 'message-id-monotonicity',
  settings: { childSas: 0 },
  steps: (b) => 3 * b + 5,
  rounds: (b) => b,
  round: (walk, from) => {
    const [asked, request] = walk.take(from, 'request', [A]);
    const [processed, response] = walk.take(asked, 'receive', [PEER], only(request));
    return walk.take(processed, 'receive', [A], only(response))[0];
  },
  after: (start, rounds) => {
    const [one, peer] = [active(start, A), active(start, PEER)];
    const last = lessOne(rounds);
    return {
      ...start,
      values: {
        ...start.values,
        [A]: { ...one, sa: { ...one.sa, expectedSend: rounds } },
        [PEER]: {
          ...peer,
          sa: {
            ...peer.sa,
            expectedReceive: rounds,
            highestSeen: last,
            answered: [{ id: last, content: last }],
          },
        },
        [COUNTS.clusterRequests]: rounds,
      },
      memory: { cluster: last },
    };
  },
  end: (walk, from) => {
    const [used] = walk.take(from, 'request', [A]);
    const [taken, asks] = walk.take(used, 'failover', [A, B]);
    const [informed, answer] = walk.take(taken, 'receive', [PEER], only(asks));
    const [adopted] = walk.take(informed, 'receive', [B], only(answer));
    return walk.take(adopted, 'request', [B])[0];
  },
};

/** Sequence numbers of ESP: each round is a packet that the standby does not know of. */
export const sequenceNumbers: Waste = {
  property: 'esp-sequence-unique',
  settings: { childSas: 1, packets: Infinity, replayWindow: 1, replayCounterSync: 'both' },
  steps: (b) => b + 3,
  rounds: (b) => plus(b as Sum | number, 1) as number,
  round: (walk, from) => walk.take(from, 'packet', [A])[0],
  after: (start, rounds) => {
    const one = active(start, A);
    const childSas = one.sa.childSas.map((child) => ({ ...child, sent: rounds }));
    return {
      ...start,
      values: {
        ...start.values,
        [A]: { ...one, sa: { ...one.sa, childSas } },
        [FURTHER_COUNTS.clusterPackets]: rounds,
      },
      memory: { 'cluster c1': [[1, rounds]] },
    };
  },
  end: (walk, from) => {
    const [taken] = walk.take(from, 'failover', [A, B]);
    return walk.take(taken, 'packet', [B])[0];
  },
};

const walkOf = (model: SteppedModel, revision: Revision, settings: Settings, waste: Waste): Walk => {
  const property = model.safetyProperties.find(({ id }) => id === waste.property);
  if (property === undefined) throw new Error(`there is no property ${waste.property}`);
  return new Walk(model.compose(revision, { ...settings, ...waste.settings }), property);
};

/** The run for one b, by the model as it is: how many steps it has, and why the last breaks the property. */
export function runFor(
  model: SteppedModel,
  revision: Revision,
  settings: Settings,
  waste: Waste,
  b: number,
): Pick<Reached, 'steps' | 'because'> {
  const walk = walkOf(model, revision, { ...settings, bump: b, delta: b }, waste);
  let reached = walk.start();
  for (let round = 0; round < waste.rounds(b); round++) reached = waste.round(walk, reached);
  if (reached.because !== null) return { steps: reached.steps, because: null };
  const { steps, because } = waste.end(walk, reached);
  return { steps, because };
}

/** The highest b that it is shown for: numbers are of 32 bits, and a few more are needed. */
export const HIGHEST = 2 ** 32 - 6;

/**
 * For every b from 1 to `HIGHEST`; 0 is one run.
 *
 * @param model rewritten, and `revision` one of it
 * @returns what is not so; nothing if all is
 */
export function notShown(
  model: SteppedModel,
  revision: Revision,
  settings: Settings,
  waste: Waste,
  variables: Variables,
): readonly string[] {
  // A number that is not known is one to the model.
  const any = (name: string, most: number): number =>
    sumOf(variables.named(name, 1, most)) as unknown as number;
  const b = any('b', HIGHEST);
  const known = { ...settings, bump: b, delta: b };
  // Whatever the numbers are, they go one of the ways.
  const onAll = (what: string, run: () => string | undefined): readonly string[] =>
    explore(run).flatMap(({ result }) => (result === undefined ? [] : [`${what}: ${result}`]));
  const leadsTo = (reached: Reached, rounds: number, start: Reached): string | undefined => {
    const expected = waste.after(start, rounds);
    if (reached.because !== null) return 'the property is broken too early';
    return (
      unfitIn(reached.values, value(expected.values), 'the world') ??
      unfitIn(reached.memory, value(expected.memory), 'what is remembered')
    );
  };
  return [
    ...onAll('the first round', () => {
      const walk = walkOf(model, revision, known, waste);
      return leadsTo(waste.round(walk, walk.start()), 1, walk.start());
    }),
    ...onAll('any further round', () => {
      const walk = walkOf(model, revision, known, waste);
      const k = any('k', HIGHEST);
      const start = walk.start();
      return leadsTo(waste.round(walk, waste.after(start, k)), plus(k as Sum | number, 1) as number, start);
    }),
    ...onAll('the end', () => {
      const walk = walkOf(model, revision, known, waste);
      const { because } = waste.end(walk, waste.after(walk.start(), waste.rounds(b)));
      return because === null ? 'the property is not broken' : undefined;
    }),
  ];
}
