/** The system itself is wrong: it breaks a promise that the explorer relies on. Never a verdict on a property. */
export class SystemDefect extends Error {
  override readonly name = 'SystemDefect';
}

/** What a system declares in order to be explored sooner is wrong: without the declaration it can be explored. */
export class DeclarationDefect extends SystemDefect {}

/** Runs `act`, and says in a defect that comes out of it whose it is. */
export function naming<T>(whose: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof SystemDefect) throw new SystemDefect(`${whose}: ${error.message}`);
    throw error;
  }
}
