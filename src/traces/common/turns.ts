/**
 * Numbers that go back, on, and back again. One member that takes over with an old state goes back once; two members that
 * are active at once do so by turns, and so do members that take over one after the other.
 */
export class Turns<Packet> {
  /** How often they went back, with higher numbers between. */
  count = 1;
  /** The first that went back. */
  readonly packet: Packet;
  #highest: number | bigint;

  /** @param highest number before it went back */
  constructor(packet: Packet, highest: number | bigint) {
    this.packet = packet;
    this.#highest = highest;
  }

  /** Whoever goes on from there is still the same one as long as nobody sends a higher number. */
  goBack(highest: number | bigint): void {
    if (highest > this.#highest) this.count += 1;
    this.#highest = highest;
  }

  /** What it looks like. */
  readonly of = (members: string): string =>
    `as if two ${members} were active at once, or one after the other had taken over with an old state`;
}
