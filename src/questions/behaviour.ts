/**
 * Where do two revisions behave differently? A behaviour is a run as somebody would write it down who sees every box
 * and the wire, and nothing of what the boxes remember:
 *
 * - which box does what: begins a request, a rekeying or a packet; takes a message; sends something again; retries
 *   its sync request; tells a delta; copies its state to another; fails, and which one takes over;
 * - with which contents of the message that is taken, and of those that are sent;
 * - and which notifications were announced in IKE_AUTH.
 *
 * That a box refuses a message is seen by its not being taken. Which rules are at work, and what a box remembers, is
 * not seen, unless it does something else later for it.
 */
import {
  type Action,
  isActive,
  type Message,
  type Observation,
  type Revision,
  type Settings,
  type Value,
} from '../../model/index.ts';
import { confirmed } from '../author/ledger.ts';
import { Unanswered } from '../explore/defect.ts';
import { distinguish } from '../explore/distinguish.ts';
import type { TakenStep } from '../explore/result.ts';
import type { Seen } from '../explore/stepper.ts';
import { orDidYouMean } from './closest.ts';
import { systemOf } from './system-of.ts';
import { UsageError } from './usage-error.ts';

export type ModelStep = TakenStep<Value, Message, Observation, Action>;

/** Whether the first can do what the second cannot. */
export type BehaviourVerdict = 'differs' | 'none' | 'inconclusive';

/** One direction: what `of` does that `against` cannot do. */
export interface Behaviour {
  readonly scenario: string;
  readonly of: string;
  readonly against: string;
  readonly verdict: BehaviourVerdict;
  /** Why it is inconclusive. */
  readonly because?: string;
  /** A shortest run, whose last step is what the other cannot do. */
  readonly run?: {
    readonly initial: readonly Value[];
    readonly steps: readonly ModelStep[];
    /** What the other does instead: the steps of that kind, of that box, on that message. */
    readonly instead: readonly ModelStep[];
    readonly places: readonly string[];
  };
  /** Pairs of a state of the one and a set of states of the other that were looked at. */
  readonly pairs: number;
  readonly seconds: number;
}

/** A revision under settings. */
export interface Behaving {
  /** What it is called in the result; its own name, if nothing is said. */
  readonly name?: string;
  readonly revision: Revision;
  readonly settings: Settings;
}

export interface BehaviourRequest {
  readonly scenario: string;
  readonly of: Behaving;
  readonly against: Behaving;
  /** Fields of messages that are not looked at. */
  readonly ignored: readonly string[];
  /** Pairs at most of a state of the one and a set of states of the other; absent: as many as there is memory for. */
  readonly pairs?: number;
  readonly seconds?: number;
  readonly bytes?: number;
  readonly signal?: { readonly aborted: boolean };
  readonly tell?: (what: string) => void;
}

/** Looks for a shortest run of one revision that the other cannot do. */
export async function behaviourOf(request: BehaviourRequest): Promise<Behaviour> {
  const { of, against, scenario, ignored, tell, ...limits } = request;
  const [name, nameOfOther] = [of.name ?? of.revision.name, against.name ?? against.revision.name];
  const system = systemOf(of.revision, of.settings);
  const other = systemOf(against.revision, against.settings);
  const began = performance.now();
  let seen = 0;
  const found = await distinguish(
    system,
    other,
    { start: announced, label: (seen) => labelOf(seen, ignored) },
    {
      ...limits,
      onProgress: ({ depth, pairs }) => {
        seen = pairs;
        tell?.(
          `${scenario}, what ${name} does and ${nameOfOther} cannot: depth ${depth}, ${pairs.toLocaleString('en')} pairs`,
        );
      },
    },
  ).catch((error: unknown) => {
    if (!(error instanceof Unanswered)) throw error;
    const seconds = (performance.now() - began) / 1000;
    return { kind: 'unanswered', because: error.message, pairs: seen, seconds } as const;
  });
  const notPure = await confirmed(of.revision, against.revision);
  const common = {
    scenario,
    of: name,
    against: nameOfOther,
    pairs: found.pairs,
    seconds: found.seconds,
  };
  switch (found.kind) {
    case 'included':
      return notPure === undefined
        ? { ...common, verdict: 'none' }
        : { ...common, verdict: 'inconclusive', because: notPure };
    case 'unanswered':
      return { ...common, verdict: 'inconclusive', because: found.because };
    case 'inconclusive':
      return {
        ...common,
        verdict: 'inconclusive',
        because: `no run of up to ${found.completeDepth} steps tells them apart; then ${found.because === 'pairs' ? `${found.pairs.toLocaleString('en')} pairs of states had been looked at` : REASONS[found.because]}`,
      };
    case 'distinguished': {
      const last = found.steps.at(-1);
      const { initial, steps } = found;
      const instead = found.instead.filter((step) => last !== undefined && isAlike(step, last));
      return { ...common, verdict: 'differs', run: { initial, steps, instead, places: system.components } };
    }
  }
}

const REASONS = {
  time: 'the time was over',
  memory: 'the memory was used up',
  interrupted: 'it was interrupted',
  bounds: 'the other is held back by a bound of the scenario, and might do it beyond',
} as const;

/** The fields of messages that can be left out of sight. */
export const ignorable = [
  'failoverCount',
  'nonce',
  'm1',
  'p1',
  'm2',
  'p2',
  'delta',
  'perSa',
  'id',
  'number',
  'holds',
] as const;

/** @throws UsageError naming what there is */
export function ignoredField(name: string): string {
  const found = ignorable.find((each) => each.toLowerCase() === name.toLowerCase().replaceAll('-', ''));
  if (found !== undefined) return found;
  throw new UsageError(
    `there is no field '${name}' of messages to ignore${orDidYouMean(name, ignorable)}`,
    `fields are: ${ignorable.join(', ')}`,
  );
}

/** What is seen of a step. */
function labelOf({ action, sent }: Seen<Message, Action>, ignored: readonly string[]): unknown {
  // Into a queue or into the network: it is sent.
  const { rules: _, sent: queued, ...what } = action;
  const seen = (message: Message): unknown =>
    ignored.length === 0
      ? message
      : Object.fromEntries(Object.entries(message).filter(([field]) => !ignored.includes(field)));
  return {
    ...what,
    ...('message' in what ? { message: seen(what.message) } : {}),
    sent: (queued ?? sent).map(seen),
  };
}

/** Who announced what in IKE_AUTH, as the two active boxes know. */
const announced = (values: readonly Value[]): unknown =>
  values.filter(isActive).map(({ sa }) => [sa.announced, sa.announcedReplayCounters]);

/** The same sort of step by the same box, on the same message if it takes one. */
function isAlike({ action: one }: ModelStep, { action: other }: ModelStep): boolean {
  const key = ({ rules: _, sent: _sent, ...rest }: Action): string => JSON.stringify(rest);
  return key(one) === key(other);
}
