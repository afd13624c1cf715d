import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { scenarios } from '../scenarios/index.ts';
import type { Network, Settings } from '../settings/settings.ts';
import type { Endpoint, EspPacket, Message } from '../state/messages.ts';
import type { Composition, Effect, Possibility, StepRule, Value } from './composition.ts';
import { overNetwork, queueTo } from './network.ts';
import { compose } from './system.ts';

const base: Settings = { ...scenarios[0]!.sizes.small, requests: 3 };
const over = (network: Network, changes: Partial<Settings> = {}): Composition =>
  compose(rfc6311, { ...base, network, ...changes });

/** A composition with its values, by the names of the places. */
class World {
  readonly values: Map<string, Value>;
  readonly composition: Composition;
  constructor(composition: Composition) {
    this.composition = composition;
    this.values = new Map(composition.places.map(({ name }, at) => [name, composition.initial[0]![at]!]));
  }
  find(kind: string, place: string): StepRule {
    const step = this.composition.steps.find((each) => each.kind === kind && each.places[0] === place);
    if (step === undefined) throw new Error(`no step ${kind} at ${place}`);
    return step;
  }
  /** Whether the step is possible, and what it does. */
  ask(kind: string, place: string, message?: Message): Possibility {
    const step = this.find(kind, place);
    const values = step.places.map((name) => this.values.get(name)!);
    if (!step.receives) return step.take(values);
    if (message === undefined) throw new Error('which message?');
    return step.take(values, message);
  }
  take(kind: string, place: string, message?: Message): Effect {
    const effect = this.ask(kind, place, message);
    if (effect === 'impossible' || 'boundedBy' in effect) throw new Error(`${kind} at ${place}`);
    this.find(kind, place).places.forEach((name, at) => {
      this.values.set(name, effect.values[at]!);
    });
    return effect;
  }
  waiting(end: Endpoint): readonly Message[] {
    const value = this.values.get(queueTo(end));
    return typeof value === 'object' && value.role === 'queue' ? value.messages : [];
  }
}

const kindsOf = ({ steps }: Composition): ReadonlySet<string> => new Set(steps.map(({ kind }) => kind));
const ids = (messages: readonly Message[]): readonly string[] =>
  messages.map((message) => `${message.kind} ${message.kind === 'esp' ? message.number : message.id}`);

describe('which steps there are', () => {
  test('over the strongest network the composition is as it was given', () => {
    const composition = over('adversarial');
    expect(overNetwork('adversarial', composition)).toBe(composition);
    expect(kindsOf(composition)).not.toContain('retransmit');
    expect(kindsOf(composition)).not.toContain('lose');
  });

  test('the weaker ones need retransmissions; only fifo loses in steps of its own', () => {
    for (const network of ['reliable', 'fifo', 'no-replay'] as const) {
      expect(kindsOf(over(network))).toContain('retransmit');
      expect(kindsOf(over(network)).has('lose')).toBe(network === 'fifo');
    }
  });

  test('there are queues where messages keep their order, empty at first', () => {
    for (const network of ['reliable', 'fifo', 'no-replay', 'adversarial'] as const) {
      const { places, initial, steps } = over(network, { messageIdSync: 'any' });
      const queues = places.flatMap(({ name, what }) => (what === 'queue' ? [name] : []));
      const isQueued = network === 'reliable' || network === 'fifo';
      expect(queues).toEqual(isQueued ? ['to cluster', 'to peer'] : []);
      for (const values of initial) {
        expect(values).toHaveLength(places.length);
        if (isQueued) expect(values.slice(-2)).toEqual(Array(2).fill({ role: 'queue', messages: [] }));
      }
      // What comes out of a queue needs no message from elsewhere.
      expect(steps.some(({ receives }) => receives)).toBe(!isQueued);
    }
  });
});

describe('no-replay: a message that is accepted leaves the network', () => {
  test('and one that is refused stays', () => {
    const world = new World(over('no-replay'));
    const [first] = world.take('request', 'A').sent;
    expect(world.ask('receive', 'peer', { ...first!, id: 1 } as Message)).toBe('impossible');
    const received = world.take('receive', 'peer', first);
    expect(received.consumes).toBe(true);
    const back = world.take('receive', 'A', received.sent[0]);
    expect(back.consumes).toBe(true);
    // What is sent does not.
    expect(world.take('request', 'A').consumes).toBeUndefined();
  });

  test('over the strongest nothing ever leaves', () => {
    const world = new World(over('adversarial'));
    const [first] = world.take('request', 'A').sent;
    expect(world.take('receive', 'peer', first).consumes).toBeUndefined();
  });
});

describe.each(['reliable', 'fifo'] as const)('%s: messages keep their order', (network) => {
  const settings = { window: 3, packets: 3 };

  test('what is sent waits in the queue of the other end, and is told in the action', () => {
    const world = new World(over(network, settings));
    const effect = world.take('request', 'A');
    expect(effect.sent).toEqual([]);
    expect(effect.action.sent).toMatchObject([{ kind: 'request', id: 0 }]);
    world.take('packet', 'A');
    world.take('request', 'A');
    world.take('packet', 'peer');
    expect(ids(world.waiting('peer'))).toEqual(['request 0', 'esp 1', 'request 1']);
    expect(ids(world.waiting('cluster'))).toEqual(['esp 1']);
  });

  test('the first one arrives, and no other; the answer goes to the end of the other queue', () => {
    const world = new World(over(network, settings));
    for (const kind of ['request', 'packet', 'request']) world.take(kind, 'A');
    world.take('packet', 'peer');
    expect(world.take('receive', 'peer').action).toMatchObject({ message: { kind: 'request', id: 0 } });
    expect(ids(world.waiting('peer'))).toEqual(['esp 1', 'request 1']);
    expect(ids(world.waiting('cluster'))).toEqual(['esp 1', 'response 0']);
    world.take('receive', 'peer');
    world.take('receive', 'peer');
    expect(world.waiting('peer')).toEqual([]);
    expect(world.ask('receive', 'peer')).toBe('impossible');
    expect(ids(world.waiting('cluster'))).toEqual(['esp 1', 'response 0', 'response 1']);
  });

  test('what its receiver refuses is dropped, and changes nothing else', () => {
    const world = new World(over(network, { ...settings, replayCounterSync: 'neither' }));
    world.take('packet', 'A');
    // Twice on the way, though it can be taken once.
    const [packet] = world.waiting('peer') as readonly EspPacket[];
    const copies = [packet!, { ...packet!, content: 'a copy' }];
    world.values.set(queueTo('peer'), { role: 'queue', messages: copies });
    expect(world.take('receive', 'peer').action.kind).toBe('receive');
    const before = world.values.get('peer');
    const effect = world.take('receive', 'peer');
    expect(effect.action).toMatchObject({ kind: 'drop', by: 'peer', message: { content: 'a copy' } });
    expect(effect.observations).toEqual([]);
    expect(world.values.get('peer')).toEqual(before);
    expect([world.waiting('peer'), world.waiting('cluster')]).toEqual([[], []]);
  });

  test('who is not active receives nothing: the message waits', () => {
    const world = new World(over(network, settings));
    world.take('request', 'peer');
    expect(world.ask('receive', 'B')).toBe('impossible');
    expect(ids(world.waiting('cluster'))).toEqual(['request 0']);
    world.take('receive', 'A');
  });

  test('what is on its way is not put there a second time; once it is not, it is', () => {
    const world = new World(over(network, settings));
    world.take('request', 'A');
    world.take('request', 'A');
    const effect = world.take('retransmit', 'A');
    expect(ids(effect.action.sent ?? [])).toEqual(['request 0', 'request 1']);
    expect(ids(world.waiting('peer'))).toEqual(['request 0', 'request 1']);
    world.take('receive', 'peer');
    world.take('retransmit', 'A');
    expect(ids(world.waiting('peer'))).toEqual(['request 1', 'request 0']);
  });

  test('the newly active member receives what was sent to the failed one', () => {
    const world = new World(
      over(network, { ...settings, ikeWhileSyncing: 'process', espWhileSyncing: 'pass' }),
    );
    world.take('request', 'peer');
    world.take('failover', 'A');
    expect(ids(world.waiting('peer'))).toEqual(['sync-request 0']);
    expect(world.take('receive', 'B').action).toMatchObject({ message: { kind: 'request', id: 0 } });
  });
});

describe('loss', () => {
  test('fifo: the first one may be lost, in either direction', () => {
    const world = new World(over('fifo', { window: 3 }));
    expect(world.ask('lose', 'to peer')).toBe('impossible');
    world.take('request', 'A');
    world.take('request', 'A');
    world.take('request', 'peer');
    const effect = world.take('lose', 'to peer');
    expect(effect.action).toMatchObject({ kind: 'lose', message: { kind: 'request', id: 0 } });
    expect(ids(world.waiting('peer'))).toEqual(['request 1']);
    expect(ids(world.waiting('cluster'))).toEqual(['request 0']);
    world.take('lose', 'to cluster');
    expect(world.waiting('cluster')).toEqual([]);
  });

  const settings: Partial<Settings> = { window: 2, packets: 2, requests: 3, failovers: 1, delta: 2, bump: 2 };
  /** Random steps; `look` sees the queues before and after each. */
  function walk(
    network: Network,
    choices: readonly number[],
    look: (
      world: World,
      before: Record<Endpoint, readonly Message[]>,
      effect: Effect,
      step: StepRule,
    ) => void,
  ): void {
    const world = new World(over(network, settings));
    for (const choice of choices) {
      const ways = world.composition.steps.flatMap((step) => {
        const answer = step.receives
          ? 'impossible'
          : step.take(step.places.map((name) => world.values.get(name)!));
        return answer === 'impossible' || 'boundedBy' in answer ? [] : [{ step, effect: answer }];
      });
      const way = ways[choice % ways.length];
      if (way === undefined) return;
      const before = { cluster: world.waiting('cluster'), peer: world.waiting('peer') };
      way.step.places.forEach((name, at) => {
        world.values.set(name, way.effect.values[at]!);
      });
      look(world, before, way.effect, way.step);
    }
  }

  test.each(['reliable', 'fifo'] as const)('%s: queues only grow behind and shrink in front', (network) => {
    const choices = fc.array(fc.nat(), { minLength: 20, maxLength: 40 });
    let dropped = 0;
    fc.assert(
      fc.property(choices, (choices) => {
        walk(network, choices, (world, before, { action }, step) => {
          if (action.kind === 'drop') dropped++;
          for (const end of ['cluster', 'peer'] as const) {
            const texts = world.waiting(end).map((message) => JSON.stringify(message));
            expect(new Set(texts).size).toBe(texts.length);
            // Only what is received, dropped or lost leaves; in `reliable` that is at its receiver.
            const takes =
              (step.end === end && (action.kind === 'receive' || action.kind === 'drop')) ||
              (action.kind === 'lose' && step.places[0] === queueTo(end));
            const kept = takes ? before[end].slice(1) : before[end];
            expect(world.waiting(end).slice(0, kept.length)).toEqual(kept);
            if (takes) expect('message' in action && action.message).toEqual(before[end][0]);
          }
          if (network === 'reliable') expect(action.kind).not.toBe('lose');
        });
      }),
      { numRuns: 60 },
    );
    expect(dropped).toBeGreaterThan(0);
  });
});
