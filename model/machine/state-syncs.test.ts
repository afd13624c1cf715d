import { describe, expect, test } from 'vitest';
import { rfc6311 } from '../revisions/index.ts';
import { type Settings, usual } from '../settings/settings.ts';
import type { Lacks, Member } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import type { Effect, Possibility, StepKind, Value } from './composition.ts';
import { lacksAfter } from './state-syncs.ts';
import { compose } from './system.ts';

/** A composition as it is stepped through: the values of all places, and the messages that were sent. */
function stepping(changes: Partial<Settings>) {
  const { places, initial, steps } = compose(rfc6311, { ...usual, requests: 9, ...changes });
  const values = new Map(places.map(({ name }, at) => [name, initial[0]![at]!]));
  const sent: Message[] = [];
  const ask = (kind: StepKind, first: readonly string[], message?: Message): Possibility => {
    const step = steps.find(
      (each) => each.kind === kind && first.every((name, at) => each.places[at] === name),
    );
    if (step === undefined) throw new Error(`no step ${kind} at ${first}`);
    const here = step.places.map((name) => values.get(name)!);
    const possibility = step.receives ? step.take(here, message!) : step.take(here);
    if (possibility !== 'impossible' && !('boundedBy' in possibility)) {
      expect(possibility.values).toHaveLength(step.places.length);
    }
    return possibility;
  };
  /** Takes a step, if it is possible, and says whether it was. */
  const take = (kind: StepKind, first: readonly string[], message?: Message): Effect | undefined => {
    const possibility = ask(kind, first, message);
    if (possibility === 'impossible' || 'boundedBy' in possibility) return undefined;
    const step = steps.find(
      (each) => each.kind === kind && first.every((name, at) => each.places[at] === name),
    )!;
    for (const [at, name] of step.places.entries()) values.set(name, possibility.values[at]!);
    sent.push(...possibility.sent);
    return possibility;
  };
  return { values, sent, ask, take, steps };
}

const standby = (value: Value | undefined): Extract<Member, { role: 'standby' }> => {
  if (typeof value !== 'object' || value.role !== 'standby') throw new Error('it is no standby');
  return value;
};

const lacks = (changes: Partial<Lacks>): Lacks => ({
  requestsSent: 0,
  requestsProcessed: 0,
  packetsSent: 0,
  packetsAccepted: 0,
  ...changes,
});

describe('what a member lacks that a state sync has reached', () => {
  const copy = lacks({ requestsSent: 1, packetsSent: 4 });
  const { snapshot } = standby(compose(rfc6311, usual).initial[0]![1]);
  const known = { role: 'standby', snapshot } as const;
  const replaces = { stateSyncReceipt: 'replace' } as const;
  const keeps = { stateSyncReceipt: 'keep-maximum' } as const;
  const own = lacks({ requestsSent: 3, packetsSent: 2, packetsAccepted: 1 });

  test('as much as the copy, where it is replaced', () => {
    expect(lacksAfter(replaces, { ...known, lacks: own }, copy)).toEqual(copy);
    expect(lacksAfter(replaces, known, copy)).toEqual(copy);
    expect(lacksAfter(replaces, { ...known, lacks: own }, undefined)).toBeUndefined();
  });

  test('the less of each, where it keeps what it knew; but who was down knew nothing', () => {
    const both = lacks({ requestsSent: 1, packetsSent: 2 });
    expect(lacksAfter(keeps, { ...known, lacks: own }, copy)).toEqual(both);
    expect(lacksAfter(keeps, { ...known, lacks: own }, undefined)).toBeUndefined();
    expect(lacksAfter(keeps, known, copy)).toBeUndefined();
    expect(lacksAfter(keeps, { role: 'down' }, copy)).toEqual(copy);
  });
});

describe('state-sync=periodic', () => {
  const periodic = { members: 3, stateSync: 'periodic', window: 4, packets: 9, childSas: 1 } as const;

  test('all that the active member sends and processes is counted at every standby', () => {
    const { take, sent, values } = stepping({ ...periodic, lag: 2 });
    take('request', ['A']);
    take('packet', ['A']);
    take('packet', ['A']);
    take('request', ['peer']);
    take('packet', ['peer']);
    for (const message of [...sent]) if (message.from === 'peer') take('receive', ['A'], message);
    const all = { requestsSent: 1, requestsProcessed: 1, packetsSent: 2, packetsAccepted: 1 };
    expect(standby(values.get('B')).lacks).toEqual(all);
    expect(standby(values.get('C')).lacks).toEqual(all);
  });

  test('a retransmission and what the peer does count for nothing', () => {
    const { take, sent, values } = stepping({ ...periodic, lag: 2 });
    take('request', ['A']);
    take('receive', ['peer'], sent[0]!);
    expect(take('receive', ['peer'], sent[0]!)).toBeDefined();
    expect(take('receive', ['A'], sent[1]!)).toBeDefined();
    expect(standby(values.get('B')).lacks).toEqual(lacks({ requestsSent: 1 }));
  });

  test('a response that is taken begins no count', () => {
    const { take, sent, values } = stepping({ ...periodic, lag: 2 });
    take('request', ['A']);
    take('receive', ['peer'], sent[0]!);
    take('state-sync', ['A', 'B']);
    expect(take('receive', ['A'], sent[1]!)?.observations).toMatchObject([{ kind: 'response-taken' }]);
    expect(standby(values.get('B'))).not.toHaveProperty('lacks');
  });

  test('what is impossible or bounded elsewhere is so here', () => {
    const { ask, take } = stepping({ ...periodic, lag: 2, requests: 1 });
    expect(ask('request', ['B'])).toBe('impossible');
    expect(take('request', ['A'])).toBeDefined();
    expect(ask('request', ['A'])).toEqual({ boundedBy: 'requests' });
  });

  test('a new request or packet waits while any standby lacks as many', () => {
    const { take, ask } = stepping({ ...periodic, lag: 2 });
    take('request', ['A']);
    take('state-sync', ['A', 'B']);
    take('request', ['A']);
    // B lacks one, C lacks two.
    expect(ask('request', ['A'])).toBe('impossible');
    expect(take('packet', ['A'])).toBeDefined();
    take('packet', ['A']);
    expect(ask('packet', ['A'])).toBe('impossible');
    take('state-sync', ['A', 'C']);
    expect(take('request', ['A'])).toBeDefined();
    expect(ask('packet', ['A'])).toBe('impossible');
    take('state-sync', ['A', 'B']);
    expect(take('packet', ['A'])).toBeDefined();
  });

  test('a standby that is down keeps nobody waiting', () => {
    const { take, values } = stepping({ ...periodic, lag: 1 });
    values.set('C', { role: 'down' });
    take('request', ['A']);
    take('state-sync', ['A', 'B']);
    expect(take('request', ['A'])).toBeDefined();
    // It will have all or nothing when it comes back.
    expect(values.get('C')).toStrictEqual({ role: 'down' });
  });

  test('what is under way to a standby that is down grows older, too', () => {
    const { take, values } = stepping({ ...periodic, lag: 2, stateSyncOrder: 'delayed' });
    values.set('C', { role: 'down' });
    take('send-state-sync', ['A', 'C']);
    take('request', ['A']);
    expect(values.get('C')).toMatchObject({ role: 'down', late: { lacks: lacks({ requestsSent: 1 }) } });
  });

  test('what the peer sends cannot wait; but a standby that lacks more of it does not take over', () => {
    const { take, ask, sent, values } = stepping({ ...periodic, lag: 1, failovers: 1 });
    for (let made = 0; made < 4; made++) take('request', ['peer']);
    take('receive', ['A'], sent[0]!);
    expect(ask('failover', ['A', 'B'])).not.toBe('impossible');
    take('receive', ['A'], sent[1]!);
    take('receive', ['A'], sent[2]!);
    // How much more is not told apart.
    expect(standby(values.get('B')).lacks).toEqual(lacks({ requestsProcessed: 2 }));
    expect(ask('failover', ['A', 'B'])).toBe('impossible');
    take('state-sync', ['A', 'B']);
    expect(standby(values.get('B'))).not.toHaveProperty('lacks');
    expect(ask('failover', ['A', 'C'])).toBe('impossible');
    expect(take('failover', ['A', 'B'])).toBeDefined();
    // Nobody syncs C meanwhile, and what it is told of M1 does not make it lack less.
    expect(standby(values.get('C')).lacks).toEqual(lacks({ requestsProcessed: 2 }));
  });

  test('over a network with queues only the active member looks at what arrives, and drops it', () => {
    for (const network of ['reliable', 'fifo'] as const) {
      const { ask, take, values } = stepping({ ...periodic, lag: 2, network });
      take('request', ['peer']);
      expect(ask('receive', ['B'])).toBe('impossible');
      take('receive', ['A']);
      values.set('to cluster', {
        role: 'queue',
        messages: [{ kind: 'request', from: 'peer', id: 9, content: 'outside the window' }],
      });
      expect(ask('receive', ['B'])).toBe('impossible');
      expect(take('receive', ['A'])?.action).toMatchObject({ kind: 'drop', by: 'A' });
    }
  });

  test('elsewhere nothing is counted, and no step sees more', () => {
    const { take, values, steps } = stepping({ members: 3 });
    take('request', ['A']);
    expect(standby(values.get('B'))).not.toHaveProperty('lacks');
    expect(steps.find(({ kind }) => kind === 'request')!.places).toHaveLength(2);
  });
});
