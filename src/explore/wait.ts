/** Waiting for another thread. */

/** Looks before a thread goes to sleep: as long as it takes to wake one up, about. */
const LOOKS = 5_000;

/** Whether a field is not what it was, at once or soon. */
export function changesSoon(control: Int32Array<SharedArrayBuffer>, field: number, was: number): boolean {
  for (let looks = 0; looks < LOOKS; looks++) if (Atomics.load(control, field) !== was) return true;
  return false;
}

/** Waits until a field is not what it was; returns what it is. */
export function waitForChange(control: Int32Array<SharedArrayBuffer>, field: number, was: number): number {
  while (!changesSoon(control, field, was)) Atomics.wait(control, field, was);
  return Atomics.load(control, field);
}
