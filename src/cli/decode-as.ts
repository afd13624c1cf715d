/** `--decode-as`: ports besides the usual ones that carry IKE and ESP, in Wireshark's words or shorter. */
import { InvalidArgumentError } from 'commander';
import type { Ports } from '../traces/sources/capture/ports.ts';

const LAST_PORT = 65_535;

/**
 * Adds a port to those named before: `udp.port=4501`, or as in Wireshark `udp.port==4501,isakmp`.
 *
 * @throws InvalidArgumentError if it is neither
 */
export function decodeAs(text: string, before: Ports): Ports {
  const [, layer, digits] =
    /^(udp|tcp)\.port={1,2}(\d{1,5})(?:,(?:isakmp|udpencap|esp|tcpencap))?$/u.exec(text) ?? [];
  const port = Number(digits);
  if (layer === undefined || !(port >= 1 && port <= LAST_PORT)) {
    throw new InvalidArgumentError(
      `Expected udp.port=N or tcp.port=N with N from 1 to ${LAST_PORT}, such as udp.port=4501.`,
    );
  }
  return layer === 'udp'
    ? { ...before, udp: new Set([...before.udp, port]) }
    : { ...before, tcp: new Set([...before.tcp, port]) };
}
