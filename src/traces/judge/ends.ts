/**
 * Which end sent a message of which that is not told: a log that begins in mid-session does not know who opened the IKE
 * SA. From there on nothing depends on it: both ends count their messages in the same way, and only IKE_SA_INIT, which
 * tells, is different. So the ends are only told apart, by their addresses, or by who sent and who received.
 */
import { withoutPort } from '../common/address.ts';
import type { End, MessageEvent } from '../events/event.ts';

interface Ends {
  /** The side that is taken for the initiator. */
  readonly first: string;
  second: string | undefined;
}

/** Where the two ends of an IKE SA were, by a message whose sender is told. */
interface Noted {
  readonly from: End;
  readonly source: string;
  readonly destination: string;
}

/** So many pairs of addresses are remembered of one IKE SA. */
const MOST_ADDRESSES = 16;

/** Of so many IKE SAs the ends are remembered. */
const MOST = 100_000;

export class EndsTold {
  /** By IKE SA. */
  readonly #sas = new Map<string, Ends>();
  readonly #known = new Map<string, readonly Noted[]>();
  /** IKE SAs whose ends were told apart here alone. */
  count = 0;
  /** Messages of more than two sides, or of none. */
  untold: { readonly count: number; readonly first: number } | undefined;

  /** Notes what a message tells of the ends of its IKE SA. */
  note({ sa = '', from, source, destination }: MessageEvent): void {
    if (from === undefined || source === undefined || destination === undefined) return;
    const known = this.#known.get(sa);
    if (known === undefined ? this.#known.size >= MOST : known.length >= MOST_ADDRESSES) return;
    // Asked of every message: most have the addresses of those before, and few are ever asked for.
    const isNoted = known?.some(
      (each) =>
        (each.source === source && each.destination === destination && each.from === from) ||
        (each.source === destination && each.destination === source && each.from !== from),
    );
    if (isNoted !== true) this.#known.set(sa, [...(known ?? []), { from, source, destination }]);
  }

  /** An IKE SA is done with. */
  forget(sa: string): void {
    this.#sas.delete(sa);
    this.#known.delete(sa);
  }

  /** The end that sent a message; nothing if it cannot be told from the other. */
  endOf(event: MessageEvent, number: number): End | undefined {
    const end = this.#toldBefore(event) ?? this.#toldApart(event);
    if (end === undefined) {
      this.untold = { count: (this.untold?.count ?? 0) + 1, first: this.untold?.first ?? number };
    }
    return end;
  }

  #toldBefore({ sa = '', source, destination }: MessageEvent): End | undefined {
    const known = this.#known.get(sa);
    if (known === undefined) return undefined;
    const endAt = (address: string | undefined): End | undefined => {
      if (address === undefined) return undefined;
      const host = withoutPort(address);
      const last = known.findLast((each) => [each.source, each.destination].map(withoutPort).includes(host));
      if (last === undefined) return undefined;
      return withoutPort(last.source) === host ? last.from : otherEnd(last.from);
    };
    const [own, other] = [endAt(source), endAt(destination)];
    return own ?? (other === undefined ? undefined : otherEnd(other));
  }

  #toldApart(event: MessageEvent): End | undefined {
    const { sa = '' } = event;
    const side = sideOf(event);
    if (side === undefined || this.#known.has(sa)) return undefined;
    const known = this.#sas.get(sa);
    if (known === undefined) {
      if (this.#sas.size >= MOST) return undefined;
      this.#sas.set(sa, { first: side, second: undefined });
      this.count += 1;
      return 'initiator';
    }
    if (known.first === side) return 'initiator';
    known.second ??= side;
    return known.second === side ? 'responder' : undefined;
  }
}

/** Who sent it, in words that are the same for all messages of one side. */
function sideOf({ event, observer = '', source }: MessageEvent): string | undefined {
  if (source !== undefined) return withoutPort(source);
  if (event === 'seen') return undefined;
  return event === 'sent' ? `${observer} itself` : `the other end of ${observer}`;
}

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');
