/** The verdicts of a check, each with the way to its run. */
import { properties } from '../../../model/index.ts';
import type { Checked } from '../requests.ts';
import { fill, make } from './elements.ts';

const SIGNS: Readonly<Record<string, readonly [tone: string, sign: string]>> = {
  holds: ['good', '✓'],
  violated: ['bad', '✗'],
};

export function showVerdicts(
  element: HTMLElement,
  checked: Checked | undefined,
  isOwn: boolean,
  open: (property: string) => void,
): void {
  if (checked === undefined) {
    fill(element);
    return;
  }
  const { properties: all, statistics, neverOccurred } = checked.result;
  const { states, transitions, depth, seconds, complete } = statistics;
  fill(
    element,
    make(
      'p',
      {},
      `${states.toLocaleString('en')} states, ${transitions.toLocaleString('en')} transitions, depth ${depth}, ${seconds.toFixed(1)} s; `,
      complete
        ? isOwn
          ? 'every reachable state was visited. What is not violated was seen to break nowhere; that it holds, only the command line can say of a revision of your own.'
          : 'every reachable state was visited. What holds, holds within these settings, and says nothing of what is beyond them.'
        : 'not every reachable state was visited, so nothing is said to hold.',
    ),
    make(
      'div',
      { class: 'scroll', role: 'region', 'aria-label': 'Verdicts', tabindex: 0 },
      make(
        'table',
        { class: 'verdicts' },
        make(
          'thead',
          {},
          make(
            'tr',
            {},
            ['Property', 'Verdict', 'Steps', 'Why'].map((name) => make('th', { scope: 'col' }, name)),
          ),
        ),
        make(
          'tbody',
          {},
          all.map(({ id, verdict, because, counterexample }) => {
            const [tone, sign] = SIGNS[verdict] ?? ['doubt', '?'];
            const title = properties.find((each) => each.id === id)?.title;
            return make(
              'tr',
              {},
              make('td', {}, make('a', { href: `${id}.html`, title }, make('code', {}, id))),
              make('td', {}, make('span', { class: `badge ${tone}` }, `${sign} ${verdict}`)),
              make(
                'td',
                {},
                counterexample !== undefined &&
                  make(
                    'button',
                    {
                      type: 'button',
                      'data-key': `open-${id}`,
                      'aria-label': `${counterexample.depth} steps: show the run that breaks ${id}`,
                      onclick: () => open(id),
                    },
                    `${counterexample.depth} ▸`,
                  ),
              ),
              make('td', {}, because ?? ''),
            );
          }),
        ),
      ),
    ),
    neverOccurred.length > 0 &&
      make('p', { class: 'quiet' }, `Never occurred in any run: ${neverOccurred.join(', ')}.`),
  );
}
