/** The worker: takes what the page asks, and answers. */
import type { FromWorker, ToWorker } from '../requests.ts';

/**
 * @param answer answers what is asked
 * @throws nothing: what goes wrong is told to the page
 */
export function beWorker<Asked, Far>(
  answer: (
    asked: Asked,
    waiting: { readonly signal: { readonly aborted: boolean }; readonly tell: (howFar: Far) => void },
  ) => Promise<unknown>,
): void {
  const aborted = new Map<number, { aborted: boolean }>();
  const say = (message: FromWorker<unknown, Far>): void => postMessage(message);
  addEventListener('message', ({ data }: MessageEvent<ToWorker<Asked>>) => {
    const { id } = data;
    if ('stop' in data) {
      const signal = aborted.get(id);
      if (signal !== undefined) signal.aborted = true;
      return;
    }
    const signal = { aborted: false };
    aborted.set(id, signal);
    answer(data.asked, { signal, tell: (progress) => say({ id, progress }) })
      .then(
        (answered) => say({ id, answer: answered }),
        (error: unknown) => {
          const hint = error instanceof Error && 'hint' in error ? error.hint : undefined;
          say({
            id,
            error: error instanceof Error ? error.message : String(error),
            ...(typeof hint === 'string' ? { hint } : {}),
          });
        },
      )
      .finally(() => aborted.delete(id));
  });
}
