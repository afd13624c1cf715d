/** The figures as a picture: for each size a group of bars, one a tool, as long as its time on a logarithmic scale. */
import type { Figures } from './figures.ts';
import { TWICE } from './tools.ts';

const BAR = 18;
const LEFT = 130;
const WIDTH = 760;
const COLOURS = ['#1b6ca8', '#4aa96c', '#b07d2b', '#8c4a8c', '#666666'];

/** An SVG document. */
export function plot({ figures: all, tools }: Figures): string {
  const figures = all.filter(({ tool }) => tool !== TWICE);
  const longest = Math.max(...figures.map(({ cpuSeconds }) => cpuSeconds));
  const shortest = Math.min(...figures.map(({ cpuSeconds }) => cpuSeconds), 0.1);
  const x = (seconds: number): number =>
    LEFT + ((WIDTH - LEFT - 90) * Math.log10(seconds / shortest)) / Math.log10(longest / shortest);
  const names = Object.keys(tools);
  const parts: string[] = [];
  let y = 30;
  for (const size of new Set(figures.map((figure) => figure.size))) {
    parts.push(text(8, y + 13, size, 'bold'));
    for (const figure of figures.filter((each) => each.size === size)) {
      const width = Math.max(2, x(figure.cpuSeconds) - LEFT);
      const colour = COLOURS[names.indexOf(figure.tool) % COLOURS.length];
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 4}" fill="${colour}"/>`,
      );
      parts.push(text(LEFT - 6, y + 12, figure.tool, 'normal', 'end'));
      parts.push(text(LEFT + width + 6, y + 12, `${figure.cpuSeconds.toFixed(2)} s`));
      y += BAR;
    }
    y += 14;
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" font-family="sans-serif" font-size="12">
<title>Seconds of processor time until all states of the yardstick system are visited, logarithmic scale</title>
<rect width="100%" height="100%" fill="white"/>
${text(8, 16, 'Processor time until all states are visited (logarithmic scale)', 'bold')}
${parts.join('\n')}
</svg>
`;
}

const text = (x: number, y: number, words: string, weight = 'normal', anchor = 'start'): string =>
  `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}" text-anchor="${anchor}">${words}</text>`;
