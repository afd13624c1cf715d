import fc from 'fast-check';
import { describe, expect, inject, test } from 'vitest';
import { safetyProperties } from '../properties/index.ts';
import { revisions } from '../revisions/index.ts';
import { ipsecha00 } from '../revisions/ipsecha-00.ts';
import type { Revision } from '../revisions/revision.ts';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { messageIdExists } from '../rfc7296/2.2-message-ids.ts';
import { scenarios, settingsFor } from '../scenarios/index.ts';
import { type SettingSpec, type Settings, settingSpecs, usual } from '../settings/settings.ts';
import { type ChildSa, establishedSa, type SaState } from '../state/member.ts';
import type { Message } from '../state/messages.ts';
import { largestNumber, MAX_MESSAGE_ID } from '../state/numbers.ts';
import { taken } from '../state/step.ts';
import {
  COUNTS,
  type Composition,
  type Effect,
  endOfBox,
  FURTHER_COUNTS,
  memberNames,
  PEER,
  type Place,
  peerNames,
  type StepKind,
  type Value,
} from './composition.ts';
import { sentAgain } from './environment.ts';
import { compose } from './system.ts';

/** A few of the values of a setting: numbers from the least on, and every reading. */
const anyValue = (spec: SettingSpec): fc.Arbitrary<string | number> => {
  if (spec.values !== 'number') return fc.constantFrom(...spec.values);
  const numbers = fc.integer({ min: spec.least, max: Math.min(spec.most, spec.least + 2) });
  return spec.follows === undefined ? numbers : fc.oneof(fc.constant(spec.follows), numbers);
};

/** Made of the table of settings, so that a new one is walked as well. */
const anySettings = fc.record(
  Object.fromEntries(settingSpecs.map((spec) => [spec.field, anyValue(spec)])),
) as unknown as fc.Arbitrary<Settings>;

/** Where a walk is: the values of all places, and the messages that were ever sent. */
interface Stage {
  readonly values: readonly Value[];
  readonly sent: readonly Message[];
}

interface Possible {
  readonly touches: readonly number[];
  readonly effect: Effect;
}

/** Every step that is possible, each asked for twice, with values that cannot be changed. */
function possible({ places, steps }: Composition, { values, sent }: Stage): readonly Possible[] {
  return steps.flatMap((step): readonly Possible[] => {
    const touches = step.places.map((name) => places.findIndex((place) => place.name === name));
    const seen = freeze(touches.map((index) => values[index]!));
    const ask = () => (step.receives ? sent.map((message) => step.take(seen, message)) : [step.take(seen)]);
    const answers = ask();
    expect(ask()).toEqual(answers);
    return answers.flatMap((answer) =>
      answer === 'impossible' || 'boundedBy' in answer ? [] : [{ touches, effect: freeze(answer) }],
    );
  });
}

/** A walk that takes one of the possible steps for each number. */
function walk(
  revision: Revision,
  settings: Settings,
  choices: readonly number[],
  look: (stage: Stage) => void,
) {
  const composition = compose(revision, settings);
  let stage: Stage = { values: freeze(composition.initial[0]!), sent: [] };
  const effects: Effect[] = [];
  look(stage);
  for (const choice of choices) {
    const ways = possible(composition, stage);
    const way = ways[choice % ways.length];
    if (way === undefined) break;
    const values = [...stage.values];
    way.touches.forEach((index, at) => {
      values[index] = way.effect.values[at]!;
    });
    expect(way.effect.values).toHaveLength(way.touches.length);
    stage = { values, sent: freeze([...stage.sent, ...way.effect.sent]) };
    effects.push(way.effect);
    look(stage);
  }
  return effects;
}

const choices = fc.array(fc.nat(), { minLength: 10, maxLength: 30 });
const anyRevision = fc.constantFrom(...revisions);
/** All of them in `npm run sweeps`. */
const runs = { numRuns: inject('sweeps') ? 40 : 12 };
/** Where Stryker runs the tests (`npm run mutants`), chance would decide whether a walk meets a mutant. */
const noChance = 'STRYKER_MUTATOR_WORKER' in process.env;

describe.skipIf(noChance)('random walks', () => {
  test('values stay well formed', () => {
    fc.assert(
      fc.property(anyRevision, anySettings, choices, (revision, settings, numbers) => {
        const { places } = compose(revision, settings);
        walk(revision, settings, numbers, ({ values, sent }) => {
          for (const [index, value] of values.entries()) checkValue(value, places[index]!.what, settings);
          for (const end of ['cluster', 'peer'] as const) {
            const boxes = values.filter((_, index) => {
              const place = places[index]!;
              return place.what === 'member' && place.end === end;
            });
            const active = boxes.filter((value) => isRole(value, 'active')).length;
            const closed = boxes.filter((value) => isRole(value, 'closed')).length;
            if (settings.actives === 1) expect(active + closed).toBe(1);
            expect(active + closed).toBeGreaterThanOrEqual(1);
            expect(active).toBeLessThanOrEqual(settings.actives);
          }
          sent.forEach(checkMessage);
        });
      }),
      runs,
    );
  });

  test('no rule changes what it is given, and each says the same to the same', () => {
    fc.assert(
      fc.property(anyRevision, anySettings, choices, (revision, settings, numbers) => {
        walk(watched(revision), settings, numbers, () => {});
      }),
      runs,
    );
  });

  test('no monitor changes what it is given, and each says the same to the same', () => {
    fc.assert(
      fc.property(anyRevision, anySettings, choices, (revision, settings, numbers) => {
        const seen = walk(revision, settings, numbers, () => {}).flatMap(({ observations }) => observations);
        for (const { watch } of safetyProperties) {
          let state = freeze(watch.initial);
          for (const observation of seen) {
            const said = watch.observe(state, freeze(observation));
            expect(watch.observe(state, observation)).toEqual(said);
            if (!said.ok) break;
            state = freeze(said.state);
          }
        }
      }),
      runs,
    );
  });

  test('everything is plain data: what JSON shows is all there is', () => {
    fc.assert(
      fc.property(anyRevision, anySettings, choices, (revision, settings, numbers) => {
        const effects = walk(revision, settings, numbers, ({ values }) => {
          expect(JSON.parse(JSON.stringify(values))).toStrictEqual(values);
        });
        expect(JSON.parse(JSON.stringify(effects))).toStrictEqual(effects);
      }),
      runs,
    );
  });
});

describe('the composition', () => {
  const { small } = scenarios[0]!.sizes;

  test('one cluster whose member A is active, one peer, and the counts', () => {
    const { places, initial } = compose(rfc6311, { ...small, members: 3 });
    expect(initial).toHaveLength(1);
    expect(places.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'peer', ...Object.values(COUNTS)]);
    expect(initial[0]!.map((value) => (typeof value === 'number' ? value : value.role))).toEqual([
      ...['active', 'standby', 'standby', 'active'],
      ...[0, 0, 0, 0],
    ]);
    expect(memberNames(4)).toEqual(['A', 'B', 'C', 'D']);
  });

  test('a step names its places, each once', () => {
    const { places, steps } = compose(rfc6311, { ...small, members: 3, retry: 'fresh' });
    const names = places.map(({ name }) => name);
    for (const step of steps) {
      expect(new Set(step.places).size).toBe(step.places.length);
      expect(names).toEqual(expect.arrayContaining([...step.places]));
    }
  });

  test('state syncs are steps of their own only where they can come at any time', () => {
    const kinds = (stateSync: Settings['stateSync']) =>
      compose(rfc6311, { ...small, stateSync }).steps.map(({ kind }) => kind);
    expect(kinds('any')).toContain('state-sync');
    expect(kinds('never')).not.toContain('state-sync');
    expect(kinds('each-step')).not.toContain('state-sync');
  });

  test('a bound that alone forbids a step is named', () => {
    const none = { ...small, requests: 0, failovers: 0 };
    const composition = compose(rfc6311, none);
    const bounds = composition.steps.flatMap((step) => {
      if (step.receives) return [];
      const values = step.places.map(
        (name) => composition.initial[0]![composition.places.findIndex((place) => place.name === name)]!,
      );
      const answer = step.take(values);
      return typeof answer === 'object' && 'boundedBy' in answer ? [`${step.kind}: ${answer.boundedBy}`] : [];
    });
    expect([...new Set(bounds)]).toEqual(['request: requests', 'failover: failovers']);
  });
});

describe('what the settings add to the composition', () => {
  const { small } = scenarios[0]!.sizes;
  const names = (changes: Partial<Settings>): readonly string[] =>
    compose(rfc6311, { ...small, ...changes }).places.map(({ name }) => name);
  const usual = ['A', 'B', 'peer', ...Object.values(COUNTS)];

  test('the other end as a cluster: its members P, Q, R, of whom P is active, and its counts', () => {
    const { places, initial, steps } = compose(rfc6311, { ...small, peerMembers: 3 });
    const further = [FURTHER_COUNTS.peerFailovers, FURTHER_COUNTS.peerSyncRequests];
    expect(places.map(({ name }) => name)).toEqual([
      ...['A', 'B', 'P', 'Q', 'R'],
      ...Object.values(COUNTS),
      ...further,
    ]);
    expect(places.flatMap((place) => (place.what === 'member' ? [place.end] : []))).toEqual([
      ...['cluster', 'cluster'],
      ...['peer', 'peer', 'peer'],
    ]);
    expect(initial[0]!.map((value) => (typeof value === 'number' ? value : value.role))).toEqual([
      ...['active', 'standby'],
      ...['active', 'standby', 'standby'],
      ...[0, 0, 0, 0, 0, 0],
    ]);
    const failovers = steps.flatMap(({ kind, places: [from, to] }) =>
      kind === 'failover' ? [`${from}${to}`] : [],
    );
    expect(failovers).toEqual(['AB', 'BA', 'PQ', 'PR', 'QP', 'QR', 'RP', 'RQ']);
    expect(peerNames(1)).toEqual([PEER]);
    expect(peerNames(3)).toEqual(['P', 'Q', 'R']);
    expect(['A', 'F', 'P', 'U', PEER].map(endOfBox)).toEqual([
      ...['cluster', 'cluster'],
      ...['peer', 'peer', 'peer'],
    ]);
  });

  test('a plain peer cannot fail over', () => {
    const { steps } = compose(rfc6311, { ...small, peerFailovers: 2 });
    expect(steps.filter(({ kind, end }) => kind === 'failover' && end === 'peer')).toEqual([]);
  });

  test('packets: a count for each end, and a step for each Child SA; else neither', () => {
    expect(names({})).toEqual(usual);
    expect(names({ packets: 2 })).toEqual([...usual, 'packets of the cluster', 'packets of the peer']);
    const stepsAt = (changes: Partial<Settings>): number =>
      compose(rfc6311, { ...small, ...changes }).steps.filter(
        ({ kind, places: [name] }) => kind === 'packet' && name === 'A',
      ).length;
    expect([stepsAt({}), stepsAt({ packets: 2 }), stepsAt({ packets: 2, childSas: 3 })]).toEqual([0, 1, 3]);
  });

  test('queues, after all else', () => {
    const queues = ['to cluster', 'to peer'];
    expect(names({ network: 'fifo', packets: 1, peerMembers: 2 })).toEqual([
      ...names({ packets: 1, peerMembers: 2 }),
      ...queues,
    ]);
    expect(names({ network: 'reliable' })).toEqual([...usual, ...queues]);
    expect(names({ network: 'no-replay' })).toEqual(usual);
  });

  test('Child SAs, windows, ESN and where the numbers begin', () => {
    const first = (changes: Partial<Settings>): SaState => {
      const [value] = compose(rfc6311, { ...small, ...changes }).initial[0]!;
      if (typeof value !== 'object' || value.role !== 'active') throw new Error('A is not active');
      return value.sa;
    };
    expect(first({ window: 3, childSas: 2, esn: 'on', replayWindow: 8 })).toMatchObject({
      window: 3,
      expectedSend: 0,
      expectedReceive: 0,
      highestSeen: -1,
      childSas: [
        { spi: 'c1', esn: true, replayWindow: 8, sent: 0, received: { highest: 0, seen: [] } },
        { spi: 'c2', esn: true, replayWindow: 8, sent: 0 },
      ],
    });
    // The last Message ID is left over for a sync, the last packet is one too many.
    expect(first({ counters: 'near-maximum', requests: 2, packets: 3 })).toMatchObject({
      expectedSend: MAX_MESSAGE_ID - 2,
      expectedReceive: MAX_MESSAGE_ID - 2,
      highestSeen: MAX_MESSAGE_ID - 3,
      childSas: [{ sent: 0xffff_ffff - 2, received: { highest: 0xffff_ffff - 2 } }],
    });
    expect(first({ counters: 'near-maximum', packets: 0 }).childSas[0]?.sent).toBe(0xffff_ffff);
  });

  test('any: an initial state for each way in which IKE_AUTH may have gone', () => {
    const announced = (changes: Partial<Settings>): readonly string[] =>
      compose(rfc6311, { ...small, ...changes }).initial.map((values) =>
        JSON.stringify(
          values.flatMap((value) =>
            typeof value === 'object' && value.role === 'active'
              ? [value.sa.announced, value.sa.announcedReplayCounters]
              : [],
          ),
        ),
      );
    const both = announced({ messageIdSync: 'any', replayCounterSync: 'any' });
    expect([both.length, new Set(both).size]).toEqual([16, 16]);
    expect(new Set(announced({ messageIdSync: 'any', replayCounterSync: 'peer' })).size).toBe(4);
    expect(new Set(announced({ messageIdSync: 'peer', replayCounterSync: 'any' })).size).toBe(4);
    expect(announced({ messageIdSync: 'cluster', replayCounterSync: 'peer' })).toEqual([
      JSON.stringify([
        { own: true, other: false },
        { own: false, other: true },
        { own: false, other: true },
        { own: true, other: false },
      ]),
    ]);
    // Each is as the others, apart from that; members of one end know the same.
    for (const values of compose(rfc6311, { ...small, messageIdSync: 'any' }).initial) {
      const [a, b] = values;
      expect(typeof b === 'object' && b.role === 'standby' && b.snapshot).toEqual(
        typeof a === 'object' && a.role === 'active' && a.sa,
      );
    }
  });
});

/** Numbers that look random, and are the same each time. */
const numbersFrom = (seed: number, length: number): readonly number[] => {
  let last = seed;
  return Array.from({ length }, () => {
    last = (Math.imul(last, 1_103_515_245) + 12_345) >>> 0;
    return last >>> 8;
  });
};

describe.skipIf(noChance)('every kind of step', () => {
  const kindsIn = (
    settings: Settings,
    seeds: number,
    length: number,
    revision: Revision = rfc6311,
  ): ReadonlySet<StepKind> =>
    new Set(
      Array.from({ length: seeds }, (_, seed) => numbersFrom(seed + 1, length)).flatMap((numbers) =>
        walk(revision, settings, numbers, () => {}).map(({ action }) => action.kind),
      ),
    );

  test('occurs in some scenario, or over some network or with some policy', () => {
    const small = (name: string): Settings => scenarios.find((each) => each.name === name)!.sizes.small;
    const rekeyed = kindsIn({ ...small('rekey'), requests: 2 }, 10, 15);
    const late = kindsIn({ ...small('multiple-failover'), stateSyncOrder: 'delayed' }, 10, 15);
    const twoActive = kindsIn({ ...small('multiple-failover'), actives: 2 }, 10, 15);
    const telling = kindsIn({ ...small('packets-multiple-failover'), telling: 'before-sending' }, 10, 15);
    const untilDelete = { rekey: 'child', rekeyOld: 'until-delete', packets: 0, failovers: 0 } as const;
    const beginning: Revision = {
      ...rfc6311,
      exchanges: { begins: { idle: { step: (_by, member) => taken(member, []) } } },
    };
    const expected: Record<StepKind, ReadonlySet<StepKind>> = {
      request: rekeyed,
      packet: rekeyed,
      receive: rekeyed,
      'state-sync': rekeyed,
      'send-state-sync': late,
      'receive-state-sync': late,
      failover: rekeyed,
      split: twoActive,
      'step-down': twoActive,
      'tell-sync': telling,
      'tell-bump': telling,
      send: telling,
      begin: kindsIn(small('single-failover'), 1, 15, beginning),
      'rekey-child': rekeyed,
      'rekey-ike': rekeyed,
      retry: kindsIn(small('replay'), 10, 15),
      ask: kindsIn({ ...small('single-failover'), syncTrigger: 'lazy' }, 10, 15),
      'tell-delta': kindsIn(small('replay-counter-only'), 10, 15),
      'delete-old': kindsIn({ ...small('rekey'), ...untilDelete }, 10, 20),
      'rekey-after': kindsIn({ ...small('replay-counter-only'), afterFailover: 'rekey' }, 10, 20),
      again: kindsIn({ ...small('single-failover'), pending: 'send-again' }, 20, 25),
      retransmit: kindsIn({ ...small('single-failover'), network: 'no-replay' }, 5, 15),
      drop: kindsIn({ ...small('packets-during-failover'), network: 'reliable' }, 20, 25),
      lose: kindsIn({ ...small('single-failover'), network: 'fifo' }, 5, 15),
    };
    for (const [kind, seen] of Object.entries(expected)) expect([...seen]).toContain(kind);
    // What is not asked for does not occur.
    const plain = kindsIn(small('single-failover'), 10, 15);
    expect([...plain].sort()).toEqual(['failover', 'receive', 'request', 'state-sync']);
  });

  test.each(scenarios)('$name: a failover is followed by a message that is received', ({ sizes }) => {
    const runs = Array.from({ length: 12 }, (_, seed) =>
      walk(rfc6311, sizes.small, numbersFrom(seed + 7, 20), () => {}).map(({ action }) => action.kind),
    );
    const after = runs.some((kinds) => {
      const at = kinds.indexOf('failover');
      return at >= 0 && kinds.slice(at).includes('receive');
    });
    expect(after).toBe(true);
  });
});

test('what is sent again and again: requests that wait, or the sync request that does', () => {
  const same: Settings = { ...usual, retry: 'same' };
  const sa: SaState = {
    ...establishedSa(),
    outstanding: [
      { id: 1, content: 'a' },
      { id: 2, content: 'b', asks: { kind: 'rekey-ike' } },
    ],
  };
  const active = { role: 'active', sa, sync: null } as const;
  expect(sentAgain(rfc6311, same, 'peer', active)).toEqual([
    { kind: 'request', from: 'peer', id: 1, content: 'a' },
    { kind: 'request', from: 'peer', id: 2, content: 'b', asks: { kind: 'rekey-ike' } },
  ]);
  const syncing = { ...active, sync: { nonce: 'n', m1: 9, p1: 4 } };
  expect(sentAgain(rfc6311, same, 'peer', syncing)).toMatchObject([
    { kind: 'sync-request', from: 'peer', id: 0, nonce: 'n', m1: 9, p1: 4 },
  ]);
  // With `fresh` it is not sent as it was.
  expect(sentAgain(rfc6311, { ...usual, retry: 'fresh' }, 'peer', syncing)).toEqual([]);
  expect(sentAgain(rfc6311, same, 'peer', { role: 'standby', snapshot: sa })).toEqual([]);
  expect(sentAgain(rfc6311, same, 'peer', { role: 'down' })).toEqual([]);
});

describe('counters never overflow silently', () => {
  const nearMaximum = anySettings.map(
    (settings): Settings => ({
      ...settings,
      counters: 'near-maximum',
      packets: Math.max(2, settings.packets),
      requests: Math.min(1, settings.requests),
    }),
  );
  const overflow = (revision: Revision, settings: Settings, numbers: readonly number[]): boolean =>
    walk(revision, settings, numbers, () => {}).some(({ values, observations, sent, action }) => {
      const largest = largestNumber(settings.esn === 'on');
      const boxes = values.flatMap((value) => {
        if (typeof value === 'number') return [];
        if (value.role === 'active') return value.sa.childSas;
        return value.role === 'standby' ? value.snapshot.childSas : [];
      });
      return (
        boxes.some((child) => child.sent > largest) ||
        [...sent, ...(action.sent ?? [])].some((each) => each.kind === 'esp' && each.number > largest) ||
        observations.some((seen) => seen.kind === 'esp-sent' && (seen.cycles || seen.number > largest))
      );
    });

  test.skipIf(noChance)('in no walk, under any revision and setting', () => {
    fc.assert(
      fc.property(anyRevision, nearMaximum, choices, (revision, settings, numbers) => {
        expect(overflow(revision, settings, numbers)).toBe(false);
      }),
      runs,
    );
  });

  test('this would be seen: without the rule, they do', () => {
    const ablated = without(rfc6311, 'RFC4303-3.3.3-NEVER-REPEAT')!;
    const settings: Settings = {
      ...scenarios[0]!.sizes.small,
      ...{ counters: 'near-maximum', packets: 3, requests: 0, failovers: 0 },
    };
    const found = Array.from({ length: 20 }, (_, seed) => numbersFrom(seed + 1, 20)).some((numbers) =>
      overflow(ablated, settings, numbers),
    );
    expect(found).toBe(true);
  });

  test('a walk that comes to the end stops there: the last number is sent, and none after it', () => {
    const settings: Settings = {
      ...scenarios[0]!.sizes.small,
      ...{ counters: 'near-maximum', packets: 3, requests: 0, failovers: 0 },
    };
    const numbers = Array.from({ length: 20 }, (_, seed) => numbersFrom(seed + 1, 20)).flatMap((each) =>
      walk(rfc6311, settings, each, () => {}).flatMap(({ sent }) =>
        sent.flatMap((message) => (message.kind === 'esp' ? [message.number] : [])),
      ),
    );
    expect([...new Set(numbers)].sort()).toEqual([0xffff_fffe, 0xffff_ffff]);
  });
});

describe('settings', () => {
  test('each has one name for the command line', () => {
    expect(settingSpecs.map(({ field }) => field).sort()).toEqual(
      Object.keys(scenarios[0]!.sizes.small).sort(),
    );
    expect(new Set(settingSpecs.map(({ key }) => key)).size).toBe(settingSpecs.length);
  });

  test.each(scenarios)('those of $name are all allowed, in each size and for each revision', (scenario) => {
    expect(Object.keys(scenario.sizes)).toEqual(['small', 'medium', 'large']);
    const sizes = (['small', 'medium', 'large'] as const).flatMap((size) => [
      scenario.sizes[size],
      ...revisions.map((revision) => settingsFor(scenario, size, revision)),
    ]);
    for (const settings of sizes) {
      for (const spec of settingSpecs) {
        const value = settings[spec.field];
        if (spec.values !== 'number') expect(spec.values).toContain(value);
        else if (value !== spec.follows) {
          expect(value).toBeGreaterThanOrEqual(spec.least);
          expect(value).toBeLessThanOrEqual(spec.most);
        }
      }
    }
  });
});

test('each revision has the settings of the scenario, but one request less where nothing stops a replay', () => {
  for (const scenario of scenarios) {
    for (const size of ['small', 'medium', 'large'] as const) {
      const settings = scenario.sizes[size];
      for (const revision of revisions) {
        // With two clusters even none; with one, one at least.
        const least = Math.min(settings.requests, settings.peerMembers > 1 ? 0 : 1);
        const isLess = revision === ipsecha00 && settings.counters !== 'near-maximum';
        const requests = isLess ? Math.max(least, settings.requests - 1) : settings.requests;
        const form = revision === ipsecha00 ? 'per-sa' : settings.counterForm;
        expect(settingsFor(scenario, size, revision)).toEqual({
          ...settings,
          requests,
          bump: Math.min(settings.bump, requests),
          counterForm: form,
        });
      }
    }
  }
});

const isRole = (value: Value, role: string): boolean => typeof value === 'object' && value.role === role;

/** How many names a failover can use up: one for its rekeyings and one for its sync request, if that comes later. */
const eachFailover = ({ syncTrigger, afterFailover }: Settings): number =>
  syncTrigger === 'lazy' && afterFailover === 'rekey' ? 2 : 1;

/** Each Child SA that was replaced is deleted once, and again by each member that takes over or asks anew. */
const deletesAtMost = ({
  rekeyOld,
  rekeyBy,
  childSas,
  requests,
  failovers,
  peerFailovers,
  retries,
}: Settings): number =>
  rekeyOld === 'at-once' && rekeyBy !== 'both'
    ? 0
    : (childSas + 2 * requests) * (1 + failovers + peerFailovers) * (1 + failovers + retries);

function checkValue(value: Value, what: Place['what'], settings: Settings): void {
  expect(typeof value).toBe(what === 'count' ? 'number' : 'object');
  if (typeof value === 'number') {
    expect(Number.isInteger(value) && value >= 0).toBe(true);
    expect(value).toBeLessThanOrEqual(
      Math.max(
        settings.requests,
        settings.packets,
        eachFailover(settings) * settings.failovers + settings.retries,
        eachFailover(settings) * settings.peerFailovers + settings.retries,
        deletesAtMost(settings),
      ),
    );
    return;
  }
  switch (value.role) {
    case 'active':
      expect(
        Object.keys(value)
          .filter(
            (key) =>
              !['answered', 'owed', 'rekeys', 'superseded', 'unsent', 'untold', 'yetToAsk'].includes(key),
          )
          .sort(),
      ).toEqual(['role', 'sa', 'sync']);
      checkSa(value.sa, settings);
      if (value.untold !== undefined) expect(settings.telling).not.toBe('with-sending');
      if (value.unsent !== undefined) {
        expect(settings.answering === 'apart' || settings.telling === 'before-sending').toBe(true);
      }
      if (value.superseded !== undefined) expect(settings.actives).toBe(2);
      if (value.sync !== null) {
        expect([value.sync.m1, value.sync.p1].every(messageIdExists)).toBe(true);
        expect(value.sa.m1Sent).toBe(value.sync.m1);
      }
      break;
    case 'standby':
      expect(
        Object.keys(value)
          .filter((key) => !['lacks', 'late'].includes(key))
          .sort(),
      ).toEqual(['role', 'snapshot']);
      for (const many of Object.values({ ...value.lacks, ...value.late?.lacks })) {
        expect(settings.stateSync).toBe('periodic');
        expect(many).toBeLessThanOrEqual(settings.lag + 1);
      }
      checkSa(value.snapshot, settings);
      if (value.late !== undefined) checkSa(value.late.snapshot, settings);
      break;
    case 'down': {
      const { late, ...rest } = value;
      expect(rest).toEqual({ role: 'down' });
      if (late !== undefined) {
        expect(settings.stateSyncOrder).toBe('delayed');
        checkSa(late.snapshot, settings);
      }
      break;
    }
    case 'closed':
      expect(value).toEqual({ role: value.role });
      break;
    case 'queue':
      value.messages.forEach(checkMessage);
  }
}

/** A Message ID, or the one after the last: then none is left. */
const isCounter = (id: number): boolean => id === MAX_MESSAGE_ID + 1 || messageIdExists(id);

function checkSa(sa: SaState, { peerMembers, adopt }: Pick<Settings, 'peerMembers' | 'adopt'>): void {
  expect([sa.expectedSend, sa.expectedReceive].every(isCounter)).toBe(true);
  for (const highest of [sa.highestSeen, sa.m1Sent]) {
    expect(highest === -1 || messageIdExists(highest)).toBe(true);
  }
  // Nobody counts more failovers than there can have been, and nobody has observed more.
  expect(sa.failoverCount).toBeGreaterThanOrEqual(-1);
  expect(sa.failoverCountSeen).toBeGreaterThanOrEqual(0);
  // Nothing seen is beyond the window above what is expected next, an M1 apart: that is what is expected next. Where
  // both ends fail over, a response can tell less than was seen: `simultaneous-failover` shows how.
  if (peerMembers === 1) expect(sa.highestSeen).toBeLessThanOrEqual(sa.expectedReceive + sa.window - 1);
  expect(sa.outstanding.length).toBeLessThanOrEqual(sa.window);
  for (const { id } of sa.outstanding) {
    // Where M2 is taken over as it comes, it can be that of a request sent before the answer.
    if (adopt === 'maximum') expect(id).toBeLessThan(sa.expectedSend);
    expect(id).toBeGreaterThanOrEqual(sa.expectedSend - sa.window);
  }
  expect(sa.answered.length).toBeLessThanOrEqual(sa.window);
  for (const { id } of sa.answered) {
    expect(id).not.toBe(sa.expectedReceive);
    expect(id).toBeLessThan(sa.expectedReceive + sa.window);
  }
  for (const child of sa.childSas) checkChildSa(child);
}

function checkChildSa({ sent, received, replayWindow, esn }: ChildSa): void {
  expect(sent).toBeGreaterThanOrEqual(0);
  expect(sent).toBeLessThanOrEqual(largestNumber(esn));
  expect([...received.seen].sort((a, b) => a - b)).toEqual(received.seen);
  expect(new Set(received.seen).size).toBe(received.seen.length);
  for (const number of received.seen) {
    expect(number).toBeLessThanOrEqual(received.highest);
    expect(number).toBeGreaterThan(received.highest - replayWindow);
  }
}

function checkMessage(message: Message): void {
  if (message.kind === 'esp') {
    expect(message.number).toBeGreaterThan(0);
    expect(message.number).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    return;
  }
  expect(messageIdExists(message.id)).toBe(true);
  if (message.kind === 'request' || message.kind === 'response' || message.kind === 'own') return;
  const ids = message.kind === 'sync-request' ? [message.m1, message.p1] : [message.p2, message.m2];
  expect(ids.every(messageIdExists)).toBe(true);
  expect([message.id, message.wellFormed, message.otherPayloads]).toEqual([0, true, []]);
}

/** A revision whose rules are given what cannot be changed, and asked twice. */
function watched(revision: Revision): Revision {
  const slots = <T extends object>(rules: T): T =>
    Object.fromEntries(
      Object.entries(rules).map(([name, rule]: [string, (...args: unknown[]) => unknown]) => [
        name,
        (...args: unknown[]) => {
          args.forEach(freeze);
          const said = freeze(rule(...args));
          expect(rule(...args)).toEqual(said);
          return said;
        },
      ]),
      // The same names with functions of the same forms.
    ) as T;
  const { ike, esp, counterSync, replaySync } = revision;
  return {
    ...revision,
    ike: slots(ike),
    esp: slots(esp),
    counterSync: counterSync === null ? null : slots(counterSync),
    replaySync: replaySync === null ? null : slots(replaySync),
  };
}

/** Makes a value unchangeable, through and through: in a module, changing it would throw. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
