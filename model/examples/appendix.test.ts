import { describe, expect, test } from 'vitest';
import { usual } from '../settings/settings.ts';
import { exampleReadings, runOf, textExamples, verdictOn } from './appendix.ts';

/** By example, by what M1 is compared with: what comes of it, whatever is adopted. */
const OUTCOMES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'A.1': { 'highest-seen': 'as printed', 'earlier-syncs': 'as printed', 'next-expected': 'as printed' },
  'A.2': {
    'highest-seen': 'forbidden RFC6311-5.1-DROP-STALE',
    'earlier-syncs': 'as printed',
    'next-expected': 'forbidden RFC6311-5.1-DROP-STALE',
  },
  'A.3': {
    'highest-seen': 'forbidden RFC6311-5.1-DROP-STALE',
    'earlier-syncs': 'as printed',
    'next-expected': 'forbidden RFC6311-5.1-DROP-STALE',
  },
  'A.4': {
    'highest-seen': 'forbidden RFC6311-5.1-DROP-STALE',
    'earlier-syncs': 'as printed',
    'next-expected': 'forbidden RFC6311-5.1-DROP-STALE',
  },
  '9-sent': { 'highest-seen': 'as printed', 'earlier-syncs': 'as printed', 'next-expected': 'as printed' },
  '9-received': {
    'highest-seen': 'forbidden RFC6311-5.1-DROP-STALE',
    'earlier-syncs': 'as printed',
    'next-expected': 'other numbers RFC6311-5.1-M2',
  },
  slides: { 'highest-seen': 'as printed', 'earlier-syncs': 'as printed', 'next-expected': 'as printed' },
};

test('the usual reading comes first', () => {
  const { m1Compare, adopt } = usual;
  expect(exampleReadings[0]).toEqual({ m1Compare, adopt });
  expect(exampleReadings).toHaveLength(6);
});

test('all examples are in the table, and each has an id of its own', () => {
  expect(textExamples.map(({ id }) => id)).toEqual(Object.keys(OUTCOMES));
});

describe.each(textExamples)('$id', (example) => {
  test.each(exampleReadings)('m1-compare=$m1Compare adopt=$adopt', (reading) => {
    const verdict = verdictOn(example, reading);
    const said = 'rule' in verdict ? `${verdict.kind} ${verdict.rule}` : verdict.kind;
    expect(said).toBe(OUTCOMES[example.id]?.[reading.m1Compare]);
  });

  test('has a reading under which every message and every state is as the text prints it', () => {
    const run = runOf(example, { m1Compare: 'earlier-syncs', adopt: 'maximum' });
    expect(run.after).toEqual(example.after);
    expect(run.arrivals.map(({ refusal }) => refusal)).toEqual(run.arrivals.map(() => null));
    const printed = [
      ...example.exchanges.map(({ asks, request }) => ({
        from: asks,
        m1: request.sends,
        p1: request.expects,
      })),
      ...example.exchanges.map(({ asks, response }) => ({
        from: asks === 'cluster' ? 'peer' : 'cluster',
        p2: response.sends,
        m2: response.expects,
      })),
    ];
    expect(run.arrivals.map(({ message }) => message)).toMatchObject(printed);
  });
});

test('what is printed is compared: another number is noticed', () => {
  const [first] = textExamples;
  const wrong = (changes: Partial<typeof first>) =>
    verdictOn({ ...first!, ...changes }, exampleReadings[0]!).kind;
  const [exchange] = first!.exchanges;
  expect(wrong({})).toBe('as printed');
  expect(wrong({ exchanges: [{ ...exchange!, response: { sends: 6, expects: 0 } }] })).toBe('other numbers');
  expect(wrong({ exchanges: [{ ...exchange!, request: { sends: 1, expects: 5 } }] })).toBe('other numbers');
  const { sends, expects } = exchange!.request;
  expect(wrong({ exchanges: [{ ...exchange!, request: { sends, expects: expects + 1 } }] })).toBe(
    'other numbers',
  );
  expect(wrong({ after: { ...first!.after, peer: { sends: 5, expects: 1 } } })).toBe('other numbers');
  for (const end of ['cluster', 'peer'] as const) {
    const right = first!.after[end];
    for (const other of [
      { ...right, sends: right.sends + 1 },
      { ...right, expects: right.expects + 1 },
    ])
      expect(wrong({ after: { ...first!.after, [end]: other } })).toBe('other numbers');
  }
});

test('of two exchanges that cross, each response is compared', () => {
  const crossing = textExamples.filter(({ exchanges }) => exchanges.length > 1);
  expect(crossing.length).toBeGreaterThan(0);
  const reading = { m1Compare: 'earlier-syncs', adopt: 'maximum' } as const;
  for (const example of crossing) {
    for (const at of example.exchanges.keys()) {
      const exchanges = example.exchanges.map((exchange, index) =>
        index === at
          ? { ...exchange, response: { ...exchange.response, sends: exchange.response.sends + 1 } }
          : exchange,
      );
      expect(verdictOn({ ...example, exchanges }, reading).kind).toBe('other numbers');
    }
  }
});
