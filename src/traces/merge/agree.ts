/**
 * One message as two logs without octets tell of it: what the one has of its contents and the other has not, or has in
 * other words, must not make two messages of it. Both are taken to tell of the same contents.
 */
import type { MessageEvent } from '../events/event.ts';
import { localOf } from './names.ts';
import { isMessage, type Placed, type Stream } from './streams.ts';

interface Sent {
  readonly placed: Placed;
  readonly local: string | undefined;
}

/** Two tellings further apart than this, in seconds, are of two sendings, if both have a time. */
const SAME = 30;

export function agree(streams: readonly Stream[]): void {
  if (streams.length < 2) return;
  const sent = new Map<string, Sent[]>();
  for (const { placed } of streams) {
    for (const each of placed) {
      if (!isLogged(each) || each.event.event !== 'sent') continue;
      const key = keyOf(each.event);
      sent.set(key, [...(sent.get(key) ?? []), { placed: each, local: localOf(each.event) }].slice(-MOST));
    }
  }
  for (const { placed } of streams) {
    for (const each of placed) {
      if (!isLogged(each) || each.event.event === 'sent' || each.event.event === 'seen') continue;
      const local = localOf(each.event);
      const [best] = (sent.get(keyOf(each.event)) ?? [])
        .filter((other) => other.local !== local && apart(other.placed, each) <= SAME)
        .toSorted((one, other) => apart(one.placed, each) - apart(other.placed, each));
      if (best !== undefined) join(best.placed, each);
    }
  }
}

/** Sendings of messages with one number that are compared. */
const MOST = 64;

type Logged = Placed & { event: MessageEvent };

const isLogged = (placed: Placed): placed is Logged =>
  isMessage(placed.event) && placed.event.message.kind === 'ike' && placed.event.octets === undefined;

const keyOf = ({ sa, message }: MessageEvent): string =>
  message.kind === 'ike' ? `${sa} ${message.exchange} ${message.response} ${message.id}` : '';

const apart = (one: Placed, other: Placed): number => {
  const seconds = Math.abs(one.time - other.time);
  return Number.isNaN(seconds) ? 0 : seconds;
};

function join(sent: Placed, received: Logged): void {
  if (!isMessage(sent.event) || sent.event.message.kind !== 'ike') return;
  const { payloads } = sent.event.message;
  const { message } = received.event;
  if (message.kind !== 'ike') return;
  if (payloads !== undefined) received.event = { ...received.event, message: sent.event.message };
  else if (message.payloads !== undefined) sent.event = { ...sent.event, message };
}
