/**
 * Tells messages from copies of messages, by their octets. The last ones of an IKE SA are remembered, so that memory
 * does not grow with its length; `forgot` says whether a message may be a copy of one that is not remembered.
 */
import type { NumberedIke } from './ike-event.ts';
import { contentOf } from './ike-event.ts';

/** So many messages are remembered of an IKE SA. */
const REMEMBERED = 4096;

/** Hexadecimal digits of an integrity value that two messages hardly have by chance. */
const SHORTEST = 16;

/** What is known of a message: the event at which it was first seen. */
export type Copy =
  | { readonly kind: 'new' }
  | { readonly kind: 'copy'; readonly of: number }
  /** The same but for its integrity value, or with the same one: one of the two is not authentic, whatever the key. */
  | { readonly kind: 'altered'; readonly of: number };

export class Copies {
  readonly #octets = new Map<string, number>();
  readonly #bodies = new Map<string, number>();
  readonly #values = new Map<string, number>();
  /** Whether any message was forgotten. */
  forgot = false;

  take({ number, event }: NumberedIke): Copy {
    // Which sync message it is, neither octets nor contents tell: two of them are hardly the same.
    const { exchange, id, payloads } = event.message;
    const isObscure =
      event.octets === undefined && payloads === undefined && id === 0 && exchange === 'INFORMATIONAL';
    const content = isObscure ? `event ${number}` : contentOf(event);
    const body = event.octetsBeforeIntegrity;
    const same = this.#octets.get(content);
    if (same !== undefined) return { kind: 'copy', of: same };
    const value = (event.integrityValue?.length ?? 0) < SHORTEST ? undefined : event.integrityValue;
    const alike =
      (body === undefined ? undefined : this.#bodies.get(body)) ??
      (value === undefined ? undefined : this.#values.get(value));
    if (alike !== undefined) return { kind: 'altered', of: alike };
    this.#octets.set(content, number);
    if (body !== undefined) this.#bodies.set(body, number);
    if (value !== undefined) this.#values.set(value, number);
    for (const map of [this.#octets, this.#bodies, this.#values]) this.#forgetOldest(map);
    return { kind: 'new' };
  }

  #forgetOldest(map: Map<string, number>): void {
    if (map.size <= REMEMBERED) return;
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
    this.forgot = true;
  }
}
