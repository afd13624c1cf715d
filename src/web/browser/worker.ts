/** The worker: takes what the page asks, and answers. */
import { answer } from '../answer.ts';
import type { FromWorker, ToWorker } from '../requests.ts';

export function beWorker(): void {
  const aborted = new Map<number, { aborted: boolean }>();
  const say = (message: FromWorker): void => postMessage(message);
  addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
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
