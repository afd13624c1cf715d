/** What `node:buffer` is in Node.js, as far as readers of traces need it; `Buffer` also where nothing imports it. */
export { Buffer } from 'buffer/';

export function isUtf8(octets: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(octets);
    return true;
  } catch {
    return false;
  }
}
