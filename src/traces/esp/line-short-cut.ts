/**
 * The short cut for ESP packets in JSON Lines: a line in the very form in which `import` writes it is looked through
 * by one pattern, without a value for each of its fields. Any other line goes the whole way.
 */
import { isGroup } from '../common/address.ts';
import { digestOfText } from './digest.ts';
import type { ShortCutTarget } from './short-cut.ts';

/** What is between quotation marks and needs no escapes. */
const PLAIN = String.raw`"[^"\\\p{Cc}\p{Zl}\p{Zp}]+"`;

/** Groups: frame, destination, SPI, sequence number, digest of the body, integrity value. By number: names are slow. */
const LINE = new RegExp(
  [
    String.raw`^\{(?:"time":(?:0|[1-9]\d{0,15})(?:\.\d+)?,)?`,
    `(?:"observer":${PLAIN},)?`,
    String.raw`(?:"frame":([1-9]\d{0,14}),)?`,
    `"event":"seen",(?:"source":${PLAIN},)?`,
    String.raw`"destination":"([0-9a-f.:[\]]+)",`,
    String.raw`"message":\{"kind":"esp","spi":"([0-9a-f]{8})","sequence":(0|[1-9]\d{0,9})\},`,
    '"octets":"[0-9a-f]{32}","octetsBeforeIntegrity":"([0-9a-f]{32})",',
    '"integrityValue":"((?:[0-9a-f]{2})+)","integrity":"(?:unchecked|good)"\\}$',
  ].join(''),
  'u',
);

/** @returns whether the line is done with */
export function takeEspLine(target: ShortCutTarget, line: string): boolean {
  if (!target.isPlain) return false;
  const groups = LINE.exec(line);
  if (groups === null) return false;
  const frame = groups[1];
  const sequence = Number(groups[4]);
  if (sequence > 0xffff_ffff || isGroup(groups[2]!)) return false;
  const { sas } = target;
  const sa = sas.saOf(groups[2]!, groups[3]!);
  if (!sas.isAhead(sa, sequence)) return false;
  const [body, value] = [digestOfText(groups[5]!), digestOfText(groups[6]!)];
  sas.note(sa, sequence, body, value, frame === undefined ? 0 : Number(frame));
  target.countPacket();
  return true;
}
