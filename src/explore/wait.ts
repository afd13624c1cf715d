/** Waiting for another thread. */

/** Looks before a thread goes to sleep: as long as it takes to wake one up, about. */
const LOOKS = 5_000;

/** Waits until a field is not what it was; returns what it is. */
export function waitForChange(control: Int32Array<SharedArrayBuffer>, field: number, was: number): number {
  for (;;) {
    for (let looks = 0; looks < LOOKS; looks++) {
      const now = Atomics.load(control, field);
      if (now !== was) return now;
    }
    Atomics.wait(control, field, was);
  }
}
