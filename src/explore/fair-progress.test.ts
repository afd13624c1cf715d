/** Systems small enough that one sees which runs are fair. */
import { describe, expect, test } from 'vitest';
import { explore } from './explore.ts';
import type { Fairness, FairProgress, Outcome, StepRule, System } from './system.ts';

type Value = string | number;
type Simple = System<Value, string, never, string>;
type Rule = StepRule<Value, string, never, string>;

const outcome = (
  action: string,
  values: readonly Value[],
  sent: readonly string[] = [],
): Outcome<Value, string, never, string> => ({ values, sent, observations: [], action });

const none = { outcomes: [] };

/** A step of one component from one value to another. */
const move = (kind: string, at: number, from: Value, to: Value, sent: readonly string[] = []): Rule => ({
  kind,
  touches: [at],
  receives: false,
  step: ([value]) => (value === from ? { outcomes: [outcome(kind, [to], sent)] } : none),
});

/** A component receives a message when it has one value, and then has another. */
const receive = (
  at: number,
  message: string,
  from: Value,
  to: Value,
  sent: readonly string[] = [],
): Rule => ({
  kind: 'receive',
  touches: [at],
  receives: true,
  step: ([value], received) =>
    value === from && received === message ? { outcomes: [outcome(`receive ${message}`, [to], sent)] } : none,
});

const NOTHING_MORE: Fairness<Value, string, string> = { again: [], groups: () => [], without: [] };

/** Component 0 has to come to the value `done`. */
const system = (
  initial: readonly Value[],
  rules: readonly Rule[],
  fairness: Partial<Fairness<Value, string, string>> = {},
  changes: Partial<FairProgress<Value, string, string>> = {},
): Simple => ({
  name: 'simple',
  components: initial.map((_, index) => `component ${index}`),
  initial: [initial],
  rules,
  monitors: [],
  progress: [],
  fairProgress: [
    {
      id: 'done',
      scope: { reads: [0], holds: () => true },
      goal: { reads: [0], holds: ([value]) => value === 'done' },
      fairness: { ...NOTHING_MORE, ...fairness },
      ...changes,
    },
  ],
});

const judge = async (it: Simple) => (await explore(it)).properties[0]!;

/** The verdict; for a counterexample, the actions before it goes round and those that it goes round by. */
async function seen(it: Simple) {
  const property = await judge(it);
  if (property.verdict !== 'violated') return property.verdict;
  const { steps, cycle, depth } = property.counterexample;
  const actions = steps.map(({ action }) => action);
  expect(cycle?.start).toBe(depth);
  return { first: actions.slice(0, depth), round: actions.slice(depth), inVain: cycle?.inVain };
}

const whileAsking = {
  again: [{ reads: [0], messages: ([value]: readonly Value[]) => (value === 'asking' ? ['ask'] : []) }],
};

describe('a request and its response', () => {
  const ask = move('ask', 0, 'idle', 'asking', ['ask']);
  const take = receive(0, 'answer', 'asking', 'done');
  const answer = receive(1, 'ask', 'open', 'answered', ['answer']);
  const answerAgain = receive(1, 'ask', 'answered', 'answered', ['answer']);

  test('nobody has to ask', async () => {
    expect(await seen(system(['idle', 'open'], [ask, answer, take], whileAsking))).toEqual({
      first: [],
      round: [],
      inVain: [],
    });
  });

  test('a response that was sent once may be lost, though it is asked for again and again', async () => {
    const asking = system(['idle', 'open'], [ask, answer, take], whileAsking, {
      scope: { reads: [0], holds: ([value]) => value === 'asking' },
    });
    expect(await seen(asking)).toEqual({ first: ['ask', 'receive ask'], round: [], inVain: ['ask'] });
  });

  test('one that is kept and sent again with each request arrives at last', async () => {
    const asking = system(['idle', 'open'], [ask, answer, answerAgain, take], whileAsking, {
      scope: { reads: [0], holds: ([value]) => value === 'asking' },
    });
    expect(await seen(asking)).toBe('holds');
  });

  test('a request that is not sent again may be lost', async () => {
    const asking = system(
      ['idle', 'open'],
      [ask, answer, answerAgain, take],
      {},
      {
        scope: { reads: [0], holds: ([value]) => value === 'asking' },
      },
    );
    expect(await seen(asking)).toEqual({ first: ['ask'], round: [], inVain: [] });
  });

  test('a response that its receiver would not take is sent in vain', async () => {
    const asking = system(['idle', 'open'], [ask, answer, answerAgain], whileAsking, {
      scope: { reads: [0], holds: ([value]) => value === 'asking' },
    });
    expect(await seen(asking)).toEqual({
      first: ['ask', 'receive ask'],
      round: ['receive ask'],
      inVain: ['answer'],
    });
  });
});

test('two boxes that keep each other busy may do so for ever', async () => {
  // Each ping makes a pong and each pong a ping; nothing forces the one way out.
  const busy = [
    receive(0, 'pong', 'wait', 'busy', ['ping']),
    receive(1, 'ping', 'wait', 'busy', ['pong']),
    move('rest', 0, 'busy', 'wait'),
    move('rest', 1, 'busy', 'wait'),
    move('stop', 0, 'busy', 'done'),
  ];
  const start = move('start', 0, 'idle', 'wait', ['ping', 'pong']);
  const began = { scope: { reads: [0], holds: ([value]: readonly Value[]) => value !== 'idle' } };
  const groups = (kind: string) => (kind === 'rest' ? ['rest'] : []);
  expect(await seen(system(['idle', 'wait'], [start, ...busy], { groups }, began))).toEqual({
    first: ['start'],
    round: [],
    inVain: [],
  });
  // If what they send is sent again and again, they cannot just do nothing, but they can go on as they do.
  const again = [{ reads: [], messages: () => ['ping', 'pong'] }];
  const livelock = await seen(system(['idle', 'wait'], [start, ...busy], { groups, again }, began));
  expect(livelock).toMatchObject({ first: ['start'], inVain: [] });
  expect((livelock as { round: string[] }).round.sort()).toEqual([
    'receive ping',
    'receive pong',
    'rest',
    'rest',
  ]);
  // The way out, taken in fairness, ends it.
  const fair = (kind: string) => (kind === 'rest' || kind === 'stop' ? [kind] : []);
  expect(await seen(system(['idle', 'wait'], [start, ...busy], { groups: fair, again }, began))).toBe(
    'holds',
  );
});

describe('groups of steps', () => {
  const go = move('go', 0, 'idle', 'done');
  const swing = [move('forth', 1, 0, 1), move('back', 1, 1, 0)];

  test('a step in no group need not be taken, one in a group must', async () => {
    expect(await seen(system(['idle'], [go]))).toMatchObject({ first: [], round: [] });
    expect(await seen(system(['idle'], [go], { groups: () => ['g'] }))).toBe('holds');
  });

  test('one of a group is enough', async () => {
    const groups = () => ['g'];
    expect(await seen(system(['idle', 0], [go, ...swing], { groups }))).toEqual({
      first: [],
      round: ['forth', 'back'],
      inVain: [],
    });
    expect(await seen(system(['idle', 0], [go, ...swing], { groups: (kind) => [kind] }))).toBe('holds');
  });

  test('a step that is possible time and again must be taken, though it is never possible for long', async () => {
    const sometimes: Rule = {
      kind: 'go',
      touches: [0, 1],
      receives: false,
      step: ([value, swings]) =>
        value === 'idle' && swings === 1 ? { outcomes: [outcome('go', ['done', 1])] } : none,
    };
    const forced = (kind: string) => (kind === 'go' ? ['go'] : ['swing']);
    expect(await seen(system(['idle', 0], [sometimes, ...swing], { groups: forced }))).toBe('holds');
    // Nobody has to swing to where it is possible.
    const lazy = (kind: string) => (kind === 'go' ? ['go'] : []);
    expect(await seen(system(['idle', 0], [sometimes, ...swing], { groups: lazy }))).toMatchObject({
      first: [],
      round: [],
    });
  });
});

describe('messages in queues', () => {
  /** A queue of one that may lose what is in it. */
  const rules = [
    move('put', 1, 'empty', 'full'),
    move('lose', 1, 'full', 'empty'),
    {
      kind: 'take',
      touches: [0, 1],
      receives: false,
      step: ([value, queue]: readonly Value[]) =>
        value === 'idle' && queue === 'full' ? { outcomes: [outcome('take', ['done', 'empty'])] } : none,
    } satisfies Rule,
  ];
  const groups = (kind: string) => (kind === 'put' ? ['put'] : ['queue']);

  test('the queue moves on, but may lose each time what it holds, unless messages are told of', async () => {
    expect(await seen(system(['idle', 'empty'], rules, { groups }))).toEqual({
      first: [],
      round: ['put', 'lose'],
      inVain: [],
    });
    const queued = (kind: string) => ({
      sent: kind === 'put' ? ['it'] : [],
      ...(kind === 'take' && { received: 'it' }),
    });
    expect(await seen(system(['idle', 'empty'], rules, { groups, queued }))).toBe('holds');
  });
});

describe('bounds', () => {
  const retry = (most: number): Rule => ({
    kind: 'retry',
    touches: [0],
    receives: false,
    step: ([value]) => {
      if (typeof value !== 'number') return none;
      return value < most
        ? { outcomes: [outcome('retry', [value + 1])] }
        : { outcomes: [], boundedBy: 'retries' };
    },
  });
  const groups = (kind: string) => [kind];

  test('a run that stays where a bound cuts off what it has to do proves nothing', async () => {
    expect(await judge(system([0], [retry(3)], { groups }))).toEqual({
      id: 'done',
      verdict: 'inconclusive',
      because: 'some runs stay away from the goal unless they go on beyond the bounds: retries',
    });
  });

  test('a run that stays elsewhere does, and is told though it is longer', async () => {
    const give = move('give up', 0, 3, 'stuck');
    expect(
      await seen(system([0], [retry(3), give], { groups: (kind) => (kind === 'retry' ? ['r'] : []) })),
    ).toEqual({
      first: ['retry', 'retry', 'retry', 'give up'],
      round: [],
      inVain: [],
    });
  });

  test('a bound on steps that need not happen excuses nothing', async () => {
    expect(await seen(system([0], [retry(0)], { without: ['retry'] }))).toMatchObject({
      first: [],
      round: [],
    });
  });

  test('nothing is said of fair runs before all states are known', async () => {
    const endless = {
      ...retry(0),
      step: ([n]: readonly Value[]) => ({ outcomes: [outcome('up', [Number(n) + 1])] }),
    };
    const { properties } = await explore(system([0], [endless as Rule]), { seconds: 0.2 });
    expect(properties[0]).toMatchObject({
      verdict: 'inconclusive',
      because: expect.stringMatching(/^can only be judged when all states are known; .*the time was over/),
    });
  });
});

test('outside the scope a run may stay', async () => {
  const out = { scope: { reads: [0], holds: ([value]: readonly Value[]) => value !== 'away' } };
  const leave = move('leave', 0, 'idle', 'away');
  expect(await seen(system(['idle'], [leave], { groups: () => ['g'] }, out))).toBe('holds');
});

test('a run that comes to the goal again and again may leave it each time', async () => {
  const rules = [move('reach', 0, 'idle', 'done'), move('leave', 0, 'done', 'idle')];
  expect(await seen(system(['idle'], rules, { groups: (kind) => (kind === 'reach' ? ['r'] : []) }))).toBe(
    'holds',
  );
});

test('is judged only if it is asked for, like any other property, and its id is its own', async () => {
  const both = system(['idle'], []);
  const [first] = both.fairProgress!;
  const twice = { ...both, fairProgress: [first!, { ...first!, id: 'other' }] };
  expect((await explore(twice, { properties: ['other'] })).properties.map(({ id }) => id)).toEqual(['other']);
  await expect(explore({ ...both, fairProgress: [first!, first!] })).rejects.toThrow(
    "two properties have the id 'done'",
  );
});
