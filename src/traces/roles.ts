/**
 * Hints of a user about who is who, for what a trace does not tell: which end is a cluster (no message says so), and
 * which end opened the IKE SA (a log that begins in mid-session does not know).
 */
import { normalAddress, withoutPort } from './common/address.ts';
import type { Reading } from './common/octets.ts';
import type { End, Event } from './events/event.ts';

/** What is known of an address. */
export interface Role {
  /** A cluster whose members may take over from each other, or a single box, which never fails over. */
  readonly party?: 'cluster' | 'peer';
  /** The end of the IKE SA, where a message does not tell by itself. */
  readonly end?: End;
}

/** Roles by address, in the form of `addressOf`. */
export type Roles = ReadonlyMap<string, Role>;

export const NO_ROLES: Roles = new Map();

/** What a hint may say of an address. */
const ROLES = ['peer', 'cluster', 'initiator', 'responder'] as const;

/** Adds a hint such as `10.0.0.1=peer` or `2001:db8::1=responder`. */
export function withRole(roles: Roles, hint: string): Reading<Roles> {
  const [, text = '', name] = /^(.+)=(\w+)$/u.exec(hint) ?? [];
  const address = normalAddress(withoutPort(text));
  const role = ROLES.find((each) => each === name);
  if (address === undefined || role === undefined) {
    return { reason: `Expected ADDRESS=${ROLES.join(', ADDRESS=')}, as 10.0.0.1=peer.` };
  }
  const known = roles.get(address) ?? {};
  const added: Role =
    role === 'peer' || role === 'cluster' ? { ...known, party: role } : { ...known, end: role };
  const other = known.party !== added.party ? known.party : known.end !== added.end ? known.end : undefined;
  if (other !== undefined) return { reason: `${address} is said to be ${other} and ${role}.` };
  return { value: new Map([...roles, [address, added]]) };
}

export const roleAt = (roles: Roles, address: string | undefined): Role | undefined =>
  address === undefined || roles.size === 0 ? undefined : roles.get(withoutPort(address));

/** An event with the end that sent its message, if the event does not tell and a hint does. */
export function withEnd(roles: Roles, event: Event): Event {
  if (roles.size === 0 || !('message' in event) || event.from !== undefined) return event;
  const own = roleAt(roles, event.source)?.end;
  const other = roleAt(roles, event.destination)?.end;
  const from = own ?? (other === undefined ? undefined : otherEnd(other));
  return from === undefined ? event : { ...event, from };
}

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');
