/** Hints about who is who. */
import { describe, expect, it } from 'vitest';
import type { Event } from './events/event.ts';
import { NO_ROLES, type Roles, withRole } from './roles.ts';
import { TRACES } from './testing/captures.ts';
import { exchange, HOST, request, sync, validateWhole as validate } from './testing/events.ts';
import { validateFile } from './validate-file.ts';

const roles = (...hints: readonly string[]): Roles =>
  hints.reduce<Roles>((known, hint) => {
    const more = withRole(known, hint);
    if ('reason' in more) throw new Error(more.reason);
    return more.value;
  }, NO_ROLES);

describe('a hint', () => {
  it('names an address in any form, and a role', () => {
    expect(roles('10.0.0.1=peer', '2001:DB8:0:0::1=cluster', '10.0.0.1=initiator')).toEqual(
      new Map([
        ['10.0.0.1', { party: 'peer', end: 'initiator' }],
        ['2001:db8::1', { party: 'cluster' }],
      ]),
    );
  });

  it.each(['10.0.0.1', '10.0.0.1=', '=peer', '10.0.0.1=server', '10.0.0.256=peer', 'gateway=peer'])(
    'is refused: %s',
    (hint) =>
      expect(withRole(NO_ROLES, hint)).toEqual({ reason: expect.stringContaining('as 10.0.0.1=peer') }),
  );

  it('may not say two things of one address', () => {
    expect(withRole(roles('10.0.0.1=peer'), '10.0.0.1=cluster')).toEqual({
      reason: '10.0.0.1 is said to be peer and cluster.',
    });
    expect(withRole(roles('10.0.0.1=responder'), '10.0.0.1=initiator')).toHaveProperty('reason');
  });
});

describe('a single box', () => {
  /** The initiator goes back to a number that it used before, as a member with an old state would. */
  const back: readonly Event[] = [
    ...[0, 1, 2, 3, 4].flatMap((id) => exchange('initiator', id)),
    request('initiator', 3),
  ];

  it('never fails over, so no failover explains what it sends', () => {
    const [plain] = validate(back).findings;
    expect(plain).toMatchObject({ actor: 'cluster', message: expect.stringContaining('by a failover') });
    const [told, ...others] = validate(back, { roles: roles(`${HOST.initiator}=peer`) }).findings;
    expect(others).toEqual([]);
    expect(told).toMatchObject({ actor: 'peer', address: HOST.initiator, event: plain?.event });
    expect(told?.message).not.toContain('failover');
    expect(told?.prefixes?.map(({ way }) => way)).not.toContain('another member takes over');
  });

  it('names the other end as well', () => {
    const [told] = validate(back, { roles: roles(`${HOST.responder}=peer`) }).findings;
    expect(told).toMatchObject({ actor: 'cluster', message: expect.stringContaining('by a failover') });
  });

  it('is taken for a cluster all the same if it asks for the counters', () => {
    const events = [...exchange('initiator', 0), sync('initiator', false, '0a0b0c0d', [5, 0])];
    const { remarks } = validate(events, { roles: roles(`${HOST.initiator}=peer`) });
    expect(remarks.map(({ message }) => message)).toEqual([
      expect.any(String),
      expect.stringMatching(/is told to be a single box \(--role\).* it is taken for a cluster/u),
    ]);
  });

  it('which was not seen is said', () => {
    const { remarks } = validate(back, { roles: roles('203.0.113.7=peer') });
    expect(remarks.map(({ message }) => message)).toContain(
      '--role 203.0.113.7: nothing from or to this address was seen',
    );
  });

  it.each(['baseline', 'loss', 'replay', 'failover-sync-a-idle', 'sync-double', 'three-failovers'])(
    'is what the peer of %s is',
    async (name) => {
      const path = `${TRACES}${name}/capture.pcap`;
      const told = await validateFile(path, { roles: roles('10.77.0.1=peer', '10.77.0.2=cluster') });
      const plain = await validateFile(path);
      expect(told.validation).toEqual(plain.validation);
    },
  );

  it('may be the sender of ESP packets whose IKE SA was not seen', () => {
    const esp = (octets: string): Event => ({
      event: 'seen',
      source: HOST.initiator,
      destination: HOST.responder,
      integrity: 'unchecked',
      octets,
      octetsBeforeIntegrity: octets,
      integrityValue: Buffer.from(octets).toString('hex'),
      message: { kind: 'esp', spi: '00001000', sequence: 1 },
    });
    const events = [esp('one'), esp('other')];
    expect(validate(events).findings.map(({ actor }) => actor)).toEqual(['sender']);
    const told = validate(events, { roles: roles(`${HOST.initiator}=cluster`) });
    expect(told.findings.map(({ actor }) => actor)).toEqual(['cluster']);
  });
});
