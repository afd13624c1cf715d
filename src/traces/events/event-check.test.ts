import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isEvent } from './event-check.ts';
import { decodeEvent } from './event-schema.ts';

const rarely = <T>(value: T) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd });
const odd = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    true,
    -1,
    1.5,
    2 ** 32,
    65536,
    256,
    '',
    'a\n',
    'A0',
    '0',
    [],
    {},
    Number.NaN,
  ),
  fc.string({ maxLength: 4 }),
  fc.jsonValue({ maxDepth: 1 }),
);
const payload = fc.oneof(
  fc.record({
    type: rarely('N'),
    notify: rarely(16422),
    protocol: rarely(0),
    spi: rarely(''),
    data: rarely('00ff'),
  }),
  fc.record({
    type: rarely('D'),
    protocol: rarely(3),
    spis: fc.oneof(rarely<unknown>(['0a']), fc.array(odd)),
  }),
  fc.record({ type: rarely('other'), name: rarely('KE') }),
);
const ike = fc.record(
  {
    kind: rarely('ike'),
    exchange: fc.oneof(rarely('IKE_AUTH'), rarely('7'), rarely('243')),
    response: rarely(true),
    id: rarely(7),
    payloads: fc.oneof(odd, fc.array(payload, { maxLength: 2 }), fc.array(payload, { maxLength: 2 })),
  },
  { requiredKeys: ['kind', 'exchange', 'response'] },
);
const esp = fc.record(
  {
    kind: rarely('esp'),
    spi: rarely('c0000001'),
    sequence: rarely(9),
    upper: rarely(1),
    counter: rarely(true),
  },
  { requiredKeys: ['kind', 'spi'] },
);
const common = {
  time: rarely(7.5),
  observer: rarely('tap'),
  sa: rarely(`${'1'.repeat(16)}:${'a'.repeat(16)}`),
  frame: rarely(1),
};
const event = fc.oneof(
  fc.record(
    {
      ...common,
      event: fc.oneof(rarely('seen'), rarely('accepted')),
      from: rarely('initiator'),
      source: rarely('192.0.2.1:500'),
      destination: rarely('192.0.2.1'),
      message: fc.oneof(ike, esp, odd),
      octets: rarely('ab'),
      octetsBeforeIntegrity: rarely('ab'),
      integrityValue: rarely('0a0b'),
      integrity: rarely('good'),
      extra: rarely(1),
    },
    { requiredKeys: ['event'] },
  ),
  fc.record(
    {
      ...common,
      event: rarely('failover'),
      end: rarely('responder'),
      address: rarely('192.0.2.1'),
      member: rarely('B'),
      ongoing: rarely(true),
    },
    { requiredKeys: ['event'] },
  ),
  fc.record(
    { ...common, event: rarely('gap'), reason: rarely('lines are missing') },
    { requiredKeys: ['event'] },
  ),
);

it('says what the schema says', () => {
  let good = 0;
  fc.assert(
    fc.property(event, ({ extra, ...rest }: Readonly<Record<string, unknown>>) => {
      // Half of the events would have it otherwise.
      const value = extra === 1 ? rest : { ...rest, extra };
      const clean = JSON.parse(JSON.stringify(value)) as unknown;
      expect(isEvent(clean)).toBe('event' in decodeEvent(clean));
      if (isEvent(clean)) good += 1;
    }),
    { numRuns: 4000, seed: 7 },
  );
  // Both answers are given.
  expect(good).toBeGreaterThan(300);
  expect(good).toBeLessThan(3700);
});
