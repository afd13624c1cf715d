import { describe, expect, test } from 'vitest';
import { rfc6311 } from '../revisions/rfc6311.ts';
import { sendSyncRequest } from '../rfc6311/5.1-message-id-sync.ts';
import { establishedSa } from '../state/member.ts';
import { MAX_MESSAGE_ID } from '../state/numbers.ts';
import { messageIdExists } from './2.2-message-ids.ts';
import { sendRequest } from './2-requests-and-responses.ts';

describe('RFC7296-2.2-NO-WRAP: Message IDs never wrap', () => {
  test('they are whole numbers of 32 bits', () => {
    expect([0, 1, 0xffff_ffff].filter(messageIdExists)).toEqual([0, 1, 0xffff_ffff]);
    expect([-1, 0.5, 0x1_0000_0000, Number.NaN, Number.POSITIVE_INFINITY].filter(messageIdExists)).toEqual(
      [],
    );
  });

  test('the last Message ID is used, and none after it', () => {
    const last = { ...establishedSa(), expectedSend: MAX_MESSAGE_ID };
    const step = sendRequest(rfc6311, 'peer', { role: 'active', sa: last, sync: null }, 'x');
    expect(step).toMatchObject({ enabled: true, sent: [{ id: MAX_MESSAGE_ID }] });
    const beyond = { ...last, expectedSend: MAX_MESSAGE_ID + 1 };
    expect(sendRequest(rfc6311, 'peer', { role: 'active', sa: beyond, sync: null }, 'x')).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.2-NO-WRAP',
    });
  });

  test('nor does M1 go beyond the last one, nor P1', () => {
    const sa = { ...establishedSa(), expectedSend: MAX_MESSAGE_ID };
    expect(sendSyncRequest(rfc6311, 'cluster', sa, { nonce: 0, bump: 0 })).toMatchObject({
      enabled: true,
    });
    expect(sendSyncRequest(rfc6311, 'cluster', sa, { nonce: 0, bump: 1 })).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.2-NO-WRAP',
    });
    const full = { ...establishedSa(), expectedReceive: MAX_MESSAGE_ID };
    expect(sendSyncRequest(rfc6311, 'cluster', full, { nonce: 0, bump: 1, p1Ahead: 1 })).toMatchObject({
      enabled: false,
      rule: 'RFC7296-2.2-NO-WRAP',
    });
  });
});
