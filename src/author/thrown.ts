/** What went wrong in an author's file, in words. */

/** What was thrown, in one line; it can be anything. */
export function thrown(error: unknown): string {
  try {
    if (error instanceof Error) {
      const [first = ''] = String(error.message).split('\n');
      return first === '' ? String(error.name) : `${String(error.name)}: ${first}`;
    }
    if (typeof error === 'string') return JSON.stringify(error.slice(0, 100));
    if (typeof error === 'function') return 'a function';
    const [first = ''] = String(error).split('\n');
    return first.slice(0, 100);
  } catch {
    return 'something that cannot be shown';
  }
}
