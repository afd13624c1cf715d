/** What both ends announced: extensions in IKE_AUTH (RFC 6311, 5), windows anywhere (RFC 7296, 2.3); as far as seen. */
import type { Announced } from '../../../model/index.ts';
import type { End, IkeMessage } from '../events/event.ts';
import { NOTIFY, notifications } from './interpret.ts';

export type Extension = 'messageIdSyncSupported' | 'replayCounterSyncSupported';

/** A window that is taken for granted where it is not known: larger ones are hardly ever seen. */
export const LARGE_WINDOW = 64;

/** IKE_AUTH is over by then, also with EAP. */
const MOST_ASKED = 64;

const otherEnd = (end: End): End => (end === 'initiator' ? 'responder' : 'initiator');

export class Negotiation {
  /** By extension and end; absent where nothing was seen. */
  readonly #announced: Map<string, boolean>;
  /** How many requests of the other end each one lets be under way. */
  readonly #windows: Map<End, number>;
  /** Whether all that could have announced a window was seen. */
  windowsKnown = false;
  /** Message IDs of the initiator's first requests, as far as it could be read what they announce. */
  readonly #asked: Set<number>;
  /** Those of the responses to them. */
  readonly #answered: Set<number>;
  /** The highest Message ID of IKE_AUTH. */
  #lastAuth = -1;
  /** Whether a message of IKE_AUTH could not be read. */
  isUnread = false;
  /** Whether their sizes are taken for granted, since they are not known. */
  #assumed = false;

  constructor(from?: Negotiation) {
    this.#announced = new Map(from === undefined ? [] : from.#announced);
    this.#windows = new Map(from === undefined ? [] : from.#windows);
    this.#asked = new Set(from === undefined ? [] : from.#asked);
    this.#answered = new Set(from === undefined ? [] : from.#answered);
    this.#lastAuth = from === undefined ? -1 : from.#lastAuth;
    this.windowsKnown = from?.windowsKnown ?? false;
    this.isUnread = from?.isUnread ?? false;
    this.#assumed = from === undefined ? false : from.#assumed;
  }

  /** What a new IKE SA takes over from the one that it replaces (RFC 7296, 2.8): not the windows, which are 1 again. */
  forSuccessor(rekeyedBy: End): Negotiation {
    const next = new Negotiation(this);
    next.#windows.clear();
    next.#assumed = false;
    // Who asked for the new IKE SA is its initiator.
    if (rekeyedBy === 'responder') {
      next.#announced.clear();
      for (const [key, says] of this.#announced) {
        const [extension = '', end] = key.split(' ');
        next.#announced.set(`${extension} ${otherEnd(end as End)}`, says);
      }
    }
    return next;
  }

  /** Notes a message of IKE_AUTH. One that cannot be read may have announced anything. */
  note({ payloads }: IkeMessage, from: End): void {
    this.isUnread ||= payloads === undefined;
    for (const extension of ['messageIdSyncSupported', 'replayCounterSyncSupported'] as const) {
      const key = `${extension} ${from}`;
      const says = payloads === undefined || notifications(payloads, NOTIFY[extension]).length > 0;
      this.#announced.set(key, says || this.#announced.get(key) === true);
    }
  }

  /** Notes a request of the initiator: only where all up to IKE_AUTH were read, it is known what it did not announce. */
  noteAsked({ id, response, exchange, payloads }: IkeMessage, from: End): void {
    if ((from === 'initiator') === response || id > MOST_ASKED) return;
    if (exchange === 'IKE_AUTH') this.#lastAuth = Math.max(this.#lastAuth, id);
    if (exchange !== 'IKE_AUTH' || payloads !== undefined) (response ? this.#answered : this.#asked).add(id);
  }

  /** Whether all messages of IKE_AUTH were read: only then it is known what an end did not announce. */
  get isKnown(): boolean {
    return (
      this.#lastAuth > 0 &&
      Array.from({ length: this.#lastAuth }, (_, index) => index + 1).every(
        (id) => this.#asked.has(id) && this.#answered.has(id),
      )
    );
  }

  /** Whether the initiator announced an extension before the responder answered request `id`; or may have, unseen. */
  mayHaveAsked(extension: Extension, id: number): boolean {
    const all =
      id <= MOST_ASKED &&
      Array.from({ length: id }, (_, index) => index + 1).every((each) => this.#asked.has(each));
    return !all || this.#announced.get(`${extension} initiator`) !== false;
  }

  /** Notes SET_WINDOW_SIZE. A window never becomes smaller. @returns whether it became larger */
  noteWindow({ payloads = [] }: IkeMessage, from: End): boolean {
    const sizes = notifications(payloads, NOTIFY.setWindowSize).map(({ data }) => Number.parseInt(data, 16));
    const largest = Math.max(this.window(from), ...sizes.filter((size) => size <= 0xffff_ffff));
    if (largest === this.window(from)) return false;
    this.#windows.set(from, largest);
    return true;
  }

  /** How many requests an end lets the other have under way. */
  window(end: End): number {
    return this.#windows.get(end) ?? 1;
  }

  /**
   * How many requests within the window that an end grants may have been lost before anybody saw them; none where the
   * window is not known, so that not every gap is filled by what nobody saw.
   */
  unseen(end: End): number {
    return this.#assumed ? 0 : this.window(end) - 1;
  }

  /** Where it is not known how large the windows are, they may be as large as need be. */
  assumeLargeWindows(): void {
    this.#assumed = true;
    for (const end of ['initiator', 'responder'] as const) {
      this.#windows.set(end, Math.max(LARGE_WINDOW, this.window(end)));
    }
  }

  /** What an end knows to have been announced by itself and by the other. What was not seen is taken for granted. */
  of(extension: Extension, end: End): Announced {
    const says = (each: End): boolean => this.#announced.get(`${extension} ${each}`) ?? true;
    return { own: says(end), other: says(otherEnd(end)) };
  }
}
