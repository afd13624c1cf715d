import { describe, expect, test } from 'vitest';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { without } from '../revisions/without.ts';
import { type Settings, usual } from '../settings/settings.ts';
import { type ActiveMember, establishedSa } from '../state/member.ts';
import type { SyncResponse } from '../state/messages.ts';
import { receiveSyncResponse, sendSyncRequest } from './5.1-message-id-sync.ts';
import { isAwaited } from './11-replays.ts';

const response: SyncResponse = {
  kind: 'sync-response',
  from: 'peer',
  id: 0,
  nonce: 'n',
  p2: 4,
  m2: 11,
  wellFormed: true,
  otherPayloads: [],
};

const asking = (revision = rfc6311): ActiveMember => {
  const step = sendSyncRequest(revision, 'cluster', establishedSa(), { nonce: 'n', bump: 0 });
  if (!step.enabled) throw new Error(step.because);
  return step.member;
};

const answered = (member: ActiveMember, revision = rfc6311, message = response, policies: Settings = usual) =>
  receiveSyncResponse(revision, policies, 'cluster', member, message);

describe('RFC6311-11-RESPONSE-ONCE: a sync response is processed once', () => {
  test('only while a sync request waits for it', () => {
    expect([true, false].map(isAwaited)).toEqual([true, false]);
    const once = answered(asking());
    if (!once.enabled) throw new Error(once.because);
    expect(once.member).not.toHaveProperty('answered');
    expect(answered(once.member)).toMatchObject({ enabled: false, rule: 'RFC6311-11-RESPONSE-ONCE' });
    const idle: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
    expect(answered(idle)).toMatchObject({ enabled: false, rule: 'RFC6311-11-RESPONSE-ONCE' });
  });

  test('without it, the same response is taken again, and no other one', () => {
    const heedless = without(rfc6311, 'RFC6311-11-RESPONSE-ONCE')!;
    const once = answered(asking(heedless), heedless);
    if (!once.enabled) throw new Error(once.because);
    const busy: ActiveMember = {
      ...once.member,
      sa: { ...once.member.sa, expectedSend: 12, outstanding: [{ id: 11, content: 'a' }] },
    };
    // Where M2 is taken over as it comes, the Message ID of the request under way is used again.
    expect(answered(busy, heedless, response, { ...usual, adopt: 'replace' })).toMatchObject({
      enabled: true,
      member: { sa: { expectedSend: 11 } },
    });
    expect(answered(busy, heedless, { ...response, nonce: 'o' })).toMatchObject({
      enabled: false,
      rule: 'RFC6311-5.1-NONCE-CHECK',
    });
    // A member that never asked takes none.
    const idle: ActiveMember = { role: 'active', sa: establishedSa(), sync: null };
    expect(answered(idle, heedless).enabled).toBe(false);
  });
});
