/** The run as a chart, with the step at which one stands marked. */
import { endOfBox, isMember } from '../../../model/index.ts';
import type { WalkAddress } from '../../questions/walk-address.ts';
import { chartSvg } from '../../report/chart/draw.ts';
import { cycleRow, runChart } from '../../report/counterexample.ts';
import type { Walked } from '../requests.ts';

/** Pixels of a column of the chart, and of its edges: see `report/chart/svg.ts`. */
const COLUMN = 7.4;
const EDGES = 30;

/** What is drawn already: only the mark moves from step to step. */
const drawn = new WeakMap<HTMLElement, { readonly walked: Walked; readonly columns: number }>();

/** Draws the chart as wide as there is room; a click on a step goes there. */
export function drawChart(
  element: HTMLElement,
  walked: Walked,
  { at, loop }: Pick<WalkAddress, 'at' | 'loop'>,
  go: (to: number) => void,
): void {
  const columns = Math.max(40, Math.floor((element.clientWidth - EDGES) / COLUMN));
  const before = drawn.get(element);
  if (before?.walked !== walked || before.columns !== columns) {
    drawn.set(element, { walked, columns });
    element.innerHTML = svgOf(walked, loop, columns);
    for (const band of element.querySelectorAll<SVGElement>('.band'))
      band.addEventListener('click', () => go(Number(band.dataset['step'])));
  }
  for (const band of element.querySelectorAll<SVGElement>('.band')) {
    const isHere = Number(band.dataset['step']) === at;
    band.classList.toggle('here', isHere);
    if (isHere) showWithin(element, band);
  }
  if (at === 0) element.scrollTop = 0;
}

function svgOf(
  { initial, steps, places, violates }: Walked,
  loop: number | undefined,
  columns: number,
): string {
  const breaks = violates.at(-1)?.length !== 0 && steps.length > 0;
  const turn =
    loop === undefined
      ? {}
      : { turn: { at: loop, row: cycleRow({ initial, steps }, { start: loop, inVain: [] }, places) } };
  const chart = runChart(
    { title: '', initial, steps, mark: loop === undefined && breaks, ...turn, foot: [] },
    places,
  );
  const ends = new Set(places.filter((_, index) => isMember(initial[index])).map(endOfBox));
  const { title: _, ...untitled } = chart;
  return ends.size === 0 ? '' : chartSvg(untitled, { columns, bands: true });
}

/** Scrolls the chart, and nothing else, so that a step is seen. */
function showWithin(element: HTMLElement, band: SVGElement): void {
  const [outer, inner] = [element.getBoundingClientRect(), band.getBoundingClientRect()];
  if (inner.top < outer.top) element.scrollTop += inner.top - outer.top - 20;
  else if (inner.bottom > outer.bottom)
    element.scrollTop += Math.min(inner.bottom - outer.bottom + 20, inner.top - outer.top);
}
