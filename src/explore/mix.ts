/** A hash of one more part: multiply and mix. */
export function mixed(hash: number, part: number): number {
  const h = Math.imul(hash ^ part, 0x9e3779b1);
  return h ^ (h >>> 15);
}
