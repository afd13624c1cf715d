/** Exchanges of a revision's own: the examples, what is said of mistakes, and that all else is as it was. */
import { expect, test } from 'vitest';
import countAndM1 from '../../docs/examples/count-and-m1.ts';
import maxima from '../../docs/examples/maxima-in-state-sync.ts';
import threeMessages from '../../docs/examples/three-message-sync.ts';
import windowSync from '../../docs/examples/window-sync.ts';
import {
  type ActiveMember,
  type Exchanges,
  noStep,
  type Revision,
  rfc6311,
  scenarios,
  taken,
} from '../../model/index.ts';
import { ledgersOf } from '../author/ledger.ts';
import { revisionOf } from '../author/revision-file.ts';
import { revisionIn } from '../author/testing/loaded-revision.ts';
import { REDUCTIONS } from '../explore/options.ts';
import { generate } from '../generate/generate.ts';
import { messageWords } from '../report/words.ts';
import { type CheckRequest, type CheckResult, check, settingsWith } from './check.ts';
import { compare, sideOf } from './compare.ts';
import { simulate } from './simulate.ts';
import { UsageError } from './usage-error.ts';

const placed = (name: string, changes: readonly string[], revision: Revision) => {
  const scenario = scenarios.find((each) => each.name === name)!;
  return { scenario, settings: settingsWith(scenario.sizes.small, changes, revision) };
};

const SMALL = ['requests=1', 'bump=1'];
const NONE = ['requests=0', 'bump=0'];

const explored = (
  revision: Revision,
  name = 'single-failover',
  changes: readonly string[] = SMALL,
  more: Partial<CheckRequest> = {},
): Promise<CheckResult> => check({ revision, size: 'small', ...placed(name, changes, revision), ...more });

/** What breaks, with the lengths of the counterexamples. */
const broken = ({ properties }: CheckResult): Readonly<Record<string, number>> =>
  Object.fromEntries(
    properties.flatMap(({ id, counterexample }) =>
      counterexample === undefined ? [] : [[id, counterexample.depth]],
    ),
  );

const draft = (exchanges: object, more: object = {}): Revision =>
  revisionIn({ default: { ...rfc6311, name: 'draft', exchanges, ...more } }, 'draft.ts');

/** Every slot, each of which leaves all as it is. */
const idle: Exchanges = {
  memory: { nothing: 0 },
  receives: Object.fromEntries(
    (['request', 'response', 'sync-request', 'sync-response', 'esp'] as const).map((kind) => [
      kind,
      {
        receive: (_by: unknown, _member: unknown, _message: unknown, _policies: unknown, usual: unknown) =>
          usual,
        obsolete: (_member: unknown, _message: unknown, usual: unknown) => usual,
      },
    ]),
  ) as Exchanges['receives'] & {},
  writes: (_by, _sa, message) => message,
  sendsAgain: (_by, _member, _policies, usual) => usual,
  handsOver: (sa) => sa,
  takesIn: (_known, _copy, _policies, usual) => usual,
  takesOver: (_by, _snapshot, _nonce, _policies, usual) => usual,
  tells: (_known, _newlyActive, _policies, usual) => usual,
};

test.each([
  ['single-failover', SMALL],
  ['combined', ['requests=0', 'bump=0', 'delta=1']],
  ['single-failover', [...SMALL, 'network=fifo']],
])('exchanges that leave all as it is change nothing: %s %s', async (name, changes) => {
  const { properties, statistics, neverOccurred } = await explored(draft(idle), name, changes);
  const shipped = await explored(rfc6311, name, changes);
  expect(properties.map(({ id, verdict }) => [id, verdict])).toEqual(
    shipped.properties.map(({ id, verdict }) => [id, verdict]),
  );
  expect([statistics.states, statistics.transitions, statistics.depth]).toEqual([
    shipped.statistics.states,
    shipped.statistics.transitions,
    shipped.statistics.depth,
  ]);
  expect(neverOccurred).toEqual(shipped.neverOccurred);
});

test('a sync of three messages mends what is broken where the only answer is lost', async () => {
  const revision = revisionIn({ default: threeMessages }, 'three-message-sync.ts');
  const result = await explored(revision);
  expect(broken(result)).toEqual({});
  expect(broken(await explored(rfc6311))).toEqual({ 'recovery-fair': 2 });
  expect(result.statistics.complete).toBe(true);
  expect(result.neverOccurred).toEqual([]);
  const property = ['recovery-fair', 'recovery-possible'];
  expect(broken(await explored(revision, 'multiple-failover', NONE, { properties: property }))).toEqual({});
});

test('count and M1 together: a bump that is too small is heard all the same, one failover later at the latest', async () => {
  const revision = revisionIn({ default: countAndM1 }, 'count-and-m1.ts');
  const without = ['requests=1', 'bump=0'];
  expect(broken(await explored(revision, 'single-failover', without))).toEqual({
    'counters-never-regress': 2,
    'recovery-possible': 4,
    'recovery-fair': 2,
  });
  expect(broken(await explored(rfc6311, 'single-failover', without))).toMatchObject({
    'recovery-possible': 3,
  });
  expect(broken(await explored(revision))).toEqual({ 'recovery-fair': 2 });
});

test('members that keep maxima send no M1 again where a state sync is late', async () => {
  const late = [...SMALL, 'state-sync-order=delayed', 'requests=0', 'bump=0'];
  const property = ['counters-never-regress', 'recovery-possible'];
  const revision = revisionIn({ default: maxima }, 'maxima-in-state-sync.ts');
  expect(broken(await explored(revision, 'multiple-failover', late, { properties: property }))).toEqual({});
  expect(broken(await explored(rfc6311, 'multiple-failover', late, { properties: property }))).toEqual({
    'recovery-possible': 5,
  });
});

test('a window sync that either end begins by itself comes too early for what is still under way', async () => {
  const revision = revisionIn({ default: windowSync }, 'window-sync.ts');
  const changes = ['requests=1', 'state-sync=never'];
  const property = ['counters-never-regress', 'recovery-possible', 'recovery-fair'];
  const result = await explored(revision, 'single-failover', changes, { properties: property });
  expect(broken(result)).toEqual({
    'counters-never-regress': 4,
    'recovery-possible': 6,
    'recovery-fair': 6,
  });
  expect(result.neverOccurred).toEqual([]);
  // Where every message arrives in its order, nothing is.
  const reliable = ['requests=0', 'network=reliable'];
  expect(broken(await explored(revision, 'single-failover', reliable, { properties: property }))).toEqual({});
});

test('an exchange that a box begins by itself is begun by both ends, in the words of the file', async () => {
  const begins = { hello: { step: (_by: unknown, member: ActiveMember) => taken(member, []) } };
  const { statistics, neverOccurred } = await explored(draft({ begins }), 'single-failover', NONE);
  expect(statistics.steps['begin']).toBeGreaterThan(0);
  expect(neverOccurred).not.toContain('begin');
  const never = { hello: { step: () => noStep('it has no reason') } };
  expect((await explored(draft({ begins: never }), 'single-failover', NONE)).neverOccurred).toContain(
    'begin',
  );
});

test('reductions and workers make no difference', async () => {
  const revision = revisionIn({ default: threeMessages }, 'three-message-sync.ts');
  const whole = await explored(revision);
  const unreduced = await explored(revision, 'single-failover', SMALL, { noReductions: REDUCTIONS });
  expect(unreduced.properties.map(({ verdict }) => verdict)).toEqual(
    whole.properties.map(({ verdict }) => verdict),
  );
  expect(unreduced.statistics.states).toBeGreaterThan(whole.statistics.states);
  const threads = await explored(revision, 'single-failover', SMALL, { workers: 2, threadsFrom: 1 });
  expect(threads.statistics.states).toBe(whole.statistics.states);
  expect(threads.properties).toEqual(whole.properties);
});

test('what is said wrongly of obsolete messages makes no verdict wrong', async () => {
  const { receives } = threeMessages.exchanges;
  const lying = draft({
    ...threeMessages.exchanges,
    receives: { ...receives, 'sync-request': { ...receives['sync-request'], obsolete: () => true } },
  });
  const honest = revisionIn({ default: threeMessages }, 'three-message-sync.ts');
  const properties = ['sync-request-once', 'recovery-possible'];
  const unreduced = { properties, noReductions: REDUCTIONS };
  expect((await explored(lying, 'single-failover', SMALL, { properties })).statistics.states).toBe(
    (await explored(honest, 'single-failover', SMALL, unreduced)).statistics.states,
  );
});

test('a file of its own is loaded, asked in its thread, and asked again', async () => {
  const revision = await revisionOf('docs/examples/three-message-sync.ts');
  try {
    const result = await explored(revision, 'single-failover', NONE);
    expect(broken(result)).toEqual({});
    const [ledger] = ledgersOf(revision);
    expect(ledger!.confirmed).toBeGreaterThan(20);
    expect(Object.keys(ledger!.modules)).toEqual(['three-message-sync.ts']);
  } finally {
    for (const ledger of ledgersOf(revision)) ledger.close();
  }
});

test('it is compared, walked and shown in traces', async () => {
  const revision = revisionIn({ default: threeMessages }, 'three-message-sync.ts');
  const { scenario, settings } = placed('single-failover', ['requests=0', 'bump=0'], revision);
  const comparison = await compare({
    sides: [sideOf(rfc6311), sideOf(revision)],
    size: 'small',
    scenarios: [{ scenario, settings: [settings, settings] }],
    properties: ['recovery-fair'],
  });
  expect(comparison.rows).toMatchObject([{ difference: 'differs' }]);
  expect(comparison.behaviour).toBe('differs');
  const walked = await simulate({
    ...{ revision, scenario, size: 'small', settings, seed: 1, depth: 20, walks: 5 },
  });
  expect(walked.verdict).toBe('inconclusive');
  const traces = generate({ revision, settings, observer: 'wire', seed: 3, walks: 8, steps: 20 });
  const payloads = traces.flatMap(({ events }) =>
    events.flatMap((event) =>
      'message' in event && event.message.kind === 'ike' ? (event.message.payloads ?? []) : [],
    ),
  );
  expect(payloads).toContainEqual({ type: 'N', notify: 40970, protocol: 0, spi: '', data: '00000000' });
});

test('a message of its own in a few words', () => {
  const message = { kind: 'own', name: 'confirmation', from: 'cluster', id: 0, response: false } as const;
  expect(messageWords({ ...message, holds: { SYNC_CONFIRMED: { nonce: 3 } } })).toBe(
    'confirmation 0 SYNC_CONFIRMED nonce=3',
  );
});

const step = (usual: { readonly enabled: boolean }, change: object) =>
  usual.enabled ? { ...usual, ...change } : usual;
const onRequest = (receive: unknown): object => ({ receives: { request: { receive } } });
type Usual = { readonly enabled: boolean; readonly member: { readonly sa: object } };

let calls = 0;

test.each<readonly [object, string]>([
  [onRequest(() => undefined), 'exchanges.receives.request.receive returned undefined'],
  [onRequest(() => true), 'exchanges.receives.request.receive returned true'],
  [onRequest(() => ({ enabled: false, rule: null })), 'returned a step without because'],
  [
    onRequest(() => ({ enabled: false, rule: 'RFC6311-5.1-DROP-STAEL', because: 'x' })),
    'returned a step with the rule "RFC6311-5.1-DROP-STAEL"',
  ],
  [
    onRequest((...args: readonly unknown[]) => step(args[4] as Usual, { sents: [] })),
    'returned a step with the field sents, which there is not; did you mean sent?',
  ],
  [
    onRequest((...args: readonly unknown[]) => {
      const usual = args[4] as Usual;
      return step(usual, { member: { ...usual.member, sa: { ...usual.member?.sa, expectdSend: 1 } } });
    }),
    'returned a state with the field sa.expectdSend, which there is not; did you mean expectedSend?',
  ],
  [
    onRequest((by: unknown, ...args: readonly unknown[]) =>
      step(args[3] as Usual, {
        sent: [{ kind: 'own', name: 'confirmatoin', from: by, id: 0, response: false, holds: {} }],
      }),
    ),
    "returned a message with the name confirmatoin, which is not among 'messages' of the exchanges",
  ],
  [
    onRequest((...args: readonly unknown[]) =>
      step(args[4] as Usual, { sent: [{ kind: 'respones', from: 'peer' }] }),
    ),
    'returned a message of the kind "respones", which there is not; did you mean response?',
  ],
  [
    onRequest((...args: readonly unknown[]) =>
      step(args[4] as Usual, { observations: [{ kind: 'response-taken', by: 'peer' }] }),
    ),
    'returned an observation (response-taken) without id',
  ],
  [
    onRequest(() => {
      throw new RangeError('too far');
    }),
    'exchanges.receives.request.receive threw RangeError: too far',
  ],
  [
    onRequest((...args: readonly unknown[]) => (calls++ % 2 === 0 ? args[4] : noStep('at times'))),
    'exchanges.receives.request.receive returned two results for the same values',
  ],
  [{ handsOver: () => ({}) }, 'exchanges.handsOver returned a state without announced'],
  [{ takesOver: () => 'close' }, 'exchanges.takesOver returned "close"'],
  [{ tells: (known: object) => ({ ...known, m1Snet: 1 }) }, 'did you mean m1Sent?'],
  [{ writes: () => null }, 'exchanges.writes returned a message that is null'],
  [
    {
      notifications: { COUNT: { type: 40960, fields: { count: 'number' } } },
      writes: (_by: unknown, _sa: unknown, message: object) => ({
        ...message,
        holds: { COUNT: { cuont: 1 } },
      }),
    },
    'returned a notification COUNT with the field cuont, which there is not; did you mean count?',
  ],
  [{ sendsAgain: () => [1] }, 'exchanges.sendsAgain returned a message that is 1'],
])('%#: a handler that goes wrong is named', async (exchanges, message) => {
  const run = explored(draft(exchanges), 'multiple-failover');
  await expect(run).rejects.toThrow(message);
  await expect(run).rejects.toThrow(UsageError);
});

test('data is taken as it is, whatever its keys are called', () => {
  // In what is sent from the thread of the file, a slot is a record with this key.
  const named = { 'is the slot': 'counterSync.isStale' };
  const memory = { ...named, further: named };
  const notifications = { N: { type: 40960, fields: { 'is the slot': 'number' } } };
  const watch = { initial: named, observe: () => ({ ok: true, state: named }) };
  const properties = [{ id: 'mine', title: 'x', says: 'x', rules: [], watch }];
  const revision = draft({ memory, notifications }, { properties });
  expect(revision).toMatchObject({ exchanges: { memory, notifications } });
  expect(revision.properties?.[0]?.watch.initial).toEqual(named);
});

test.each<readonly [object, string]>([
  [{ exchanges: 3 }, "'exchanges' is number 3"],
  [{ exchanges: { recieves: {} } }, "'exchanges' has no 'recieves'; did you mean receives?"],
  [{ exchanges: { takesOver: 1 } }, 'the slot exchanges.takesOver is number 1, not a function'],
  [{ exchanges: { receives: { 'sync-requset': {} } } }, 'did you mean sync-request?'],
  [{ exchanges: { receives: { request: {} } } }, 'exchanges.receives.request.receive is undefined'],
  [{ exchanges: { messages: { request: {} } } }, 'is of a kind that there is anyway'],
  [{ exchanges: { begins: { hello: {} } } }, 'the slot exchanges.begins.hello.step is undefined'],
  [{ exchanges: { begins: { 'a b': { step: () => 1 } } } }, 'is not a name of one word'],
  [
    { exchanges: { messages: { mine: { exchange: 'INFO', receive: () => 1 } } } },
    '.exchange\' is string "INFO"',
  ],
  [{ exchanges: { memory: { when: new Date(0) } } }, "'exchanges.memory' has an instance of Date in .when"],
  [{ exchanges: { notifications: { N: { type: 70000, fields: {} } } } }, ".type' is number 70000"],
  [{ exchanges: { notifications: { N: { type: 40960, fields: { a: 'nonec' } } } } }, 'did you mean nonce?'],
  [{ exchange: {} }, "a revision has no 'exchange'; did you mean exchanges?"],
])('%#: exchanges that are written wrongly', (more, message) => {
  const load = (): Revision => revisionIn({ default: { ...rfc6311, name: 'draft', ...more } }, 'draft.ts');
  expect(load).toThrow(`draft.ts: `);
  expect(load).toThrow(message);
  expect(load).toThrow(UsageError);
});
