import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { messageIdExists } from './counters.ts';
import type { SaState } from './member.ts';
import type { Message } from './messages.ts';
import { safetyProperties } from './properties/index.ts';
import { ipsecha00, type Revision, revisions, rfc6311 } from './revisions/index.ts';
import { scenarios, settingsFor } from './scenarios/index.ts';
import { type Settings, settingSpecs } from './settings.ts';
import { COUNTS, type Composition, compose, type Effect, memberNames, type Value } from './system.ts';

const anySettings: fc.Arbitrary<Settings> = fc.record({
  members: fc.integer({ min: 2, max: 4 }),
  failovers: fc.integer({ min: 0, max: 4 }),
  requests: fc.integer({ min: 0, max: 3 }),
  retries: fc.integer({ min: 0, max: 2 }),
  bump: fc.integer({ min: 0, max: 3 }),
  stateSync: fc.constantFrom('any', 'never', 'each-step'),
  retry: fc.constantFrom('same', 'fresh'),
  staleSync: fc.constantFrom('drop', 'answer-from-cache'),
  m1Compare: fc.constantFrom('highest-seen', 'next-expected'),
  m1Sharing: fc.constantFrom('told', 'not-told'),
  failoverCount: fc.constantFrom('shared', 'per-member', 'in-state-sync'),
  whileSyncing: fc.constantFrom('hold', 'process'),
});

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
  let stage: Stage = { values: freeze(composition.initial), sent: [] };
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
const runs = { numRuns: 80 };

describe('random walks', () => {
  test('values stay well formed', () => {
    fc.assert(
      fc.property(anyRevision, anySettings, choices, (revision, settings, numbers) => {
        const { places } = compose(revision, settings);
        walk(revision, settings, numbers, ({ values, sent }) => {
          for (const [index, value] of values.entries()) checkValue(value, places[index]!.what, settings);
          for (const end of ['cluster', 'peer'] as const) {
            const active = values.filter((value, index) => {
              const place = places[index]!;
              return place.what === 'member' && place.end === end && isRole(value, 'active');
            });
            expect(active).toHaveLength(1);
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
    expect(places.map(({ name }) => name)).toEqual(['A', 'B', 'C', 'peer', ...Object.values(COUNTS)]);
    expect(initial.map((value) => (typeof value === 'number' ? value : value.role))).toEqual([
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
        (name) => composition.initial[composition.places.findIndex((place) => place.name === name)]!,
      );
      const answer = step.take(values);
      return typeof answer === 'object' && 'boundedBy' in answer ? [`${step.kind}: ${answer.boundedBy}`] : [];
    });
    expect([...new Set(bounds)]).toEqual(['request: requests', 'failover: failovers']);
  });
});

describe('settings', () => {
  test('each has one name for the command line', () => {
    expect(settingSpecs.map(({ field }) => field).sort()).toEqual(
      Object.keys(scenarios[0]!.sizes.small).sort(),
    );
    expect(new Set(settingSpecs.map(({ key }) => key)).size).toBe(settingSpecs.length);
  });

  test.each(scenarios)('those of $name are all allowed', ({ sizes }) => {
    for (const settings of Object.values(sizes)) {
      for (const spec of settingSpecs) {
        const value = settings[spec.field];
        if (spec.values !== 'number') expect(spec.values).toContain(value);
        else {
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
        const requests = settings.requests - (revision === ipsecha00 ? 1 : 0);
        expect(settingsFor(scenario, size, revision)).toEqual({ ...settings, requests, bump: requests });
      }
    }
  }
});

const isRole = (value: Value, role: string): boolean => typeof value === 'object' && value.role === role;

function checkValue(value: Value, what: 'member' | 'count', settings: Settings): void {
  expect(typeof value).toBe(what === 'count' ? 'number' : 'object');
  if (typeof value === 'number') {
    expect(Number.isInteger(value) && value >= 0).toBe(true);
    expect(value).toBeLessThanOrEqual(
      Math.max(settings.requests, settings.failovers, settings.failovers + settings.retries),
    );
    return;
  }
  switch (value.role) {
    case 'active':
      expect(Object.keys(value).sort()).toEqual(['role', 'sa', 'sync']);
      checkSa(value.sa);
      if (value.sync !== null) {
        expect([value.sync.m1, value.sync.p1].every(messageIdExists)).toBe(true);
        expect(value.sa.m1Sent).toBe(value.sync.m1);
      }
      break;
    case 'standby':
      expect(Object.keys(value).sort()).toEqual(['role', 'snapshot']);
      checkSa(value.snapshot);
      break;
    case 'down':
      expect(value).toEqual({ role: 'down' });
  }
}

function checkSa(sa: SaState): void {
  expect([sa.expectedSend, sa.expectedReceive].every(messageIdExists)).toBe(true);
  for (const highest of [sa.highestSeen, sa.m1Sent]) {
    expect(highest === -1 || messageIdExists(highest)).toBe(true);
  }
  // Nobody counts more failovers than there can have been, and nobody has observed more.
  for (const count of [sa.failoverCount, sa.failoverCountSeen]) expect(count).toBeGreaterThanOrEqual(0);
  // Nothing seen is above what is expected next, an M1 apart: that is what is expected next.
  expect(sa.highestSeen).toBeLessThanOrEqual(sa.expectedReceive);
  if (sa.outstanding !== null) expect(sa.outstanding.id).toBe(sa.expectedSend - 1);
  if (sa.answered !== null) expect(sa.answered.id).toBe(sa.expectedReceive - 1);
}

function checkMessage(message: Message): void {
  expect(messageIdExists(message.id)).toBe(true);
  if (message.kind === 'request' || message.kind === 'response') return;
  const ids = message.kind === 'sync-request' ? [message.m1, message.p1] : [message.p2, message.m2];
  expect(ids.every(messageIdExists)).toBe(true);
  expect([message.id, message.wellFormed, message.otherPayloads]).toEqual([0, true, []]);
  expect(message.from).toBe(message.kind === 'sync-request' ? 'cluster' : 'peer');
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
  const { ike, counterSync } = revision;
  return { ...revision, ike: slots(ike), counterSync: counterSync === null ? null : slots(counterSync) };
}

/** Makes a value unchangeable, through and through: in a module, changing it would throw. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const each of Object.values(value)) freeze(each);
  }
  return value;
}
