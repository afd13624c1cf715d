import { displayWidth, wrap } from '../text.ts';
import type { Tone } from '../tone.ts';
import type { Chart } from './chart.ts';
import { columnsOf } from './columns.ts';
import { glyphsOf } from './glyphs.ts';
import { listText } from './list.ts';
import { prepared } from './prepared.ts';
import { type Scene, type SceneArrow, type SceneSign, sceneOf } from './scene.ts';

/** Pixels per column and per line, for a monospaced font of 12 pixels. */
const wide = 7.4;
const high = 17;
const edge = 14;
/** Columns the lifelines are laid out in if nothing else is wanted. */
const wished = 120;

export interface SvgOptions {
  /** Columns the lifelines are laid out in; a chart that needs more gets more. */
  readonly columns?: number;
  /** A field behind each step, that can be marked and clicked. */
  readonly bands?: boolean;
}

/** The style that every chart carries; a page with many charts may have it once instead. */
export const chartStyle = [
  '.ipsecha-chart{font-size:12px;font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;color:inherit}',
  '.ipsecha-chart text{fill:currentColor;white-space:pre}',
  '.ipsecha-chart line,.ipsecha-chart path,.ipsecha-chart circle{stroke:currentColor;stroke-width:1.2;fill:none}',
  '.ipsecha-chart .solid{fill:currentColor}',
  '.ipsecha-chart .life{stroke-opacity:.4}',
  '.ipsecha-chart .absent{stroke-opacity:.35;stroke-dasharray:1 5}',
  '.ipsecha-chart .broken{stroke-dasharray:3 3}',
  '.ipsecha-chart .title{font-weight:bold}',
  '.ipsecha-chart .quiet{opacity:.7}',
  '.ipsecha-chart .bad{color:#c62828}',
  '.ipsecha-chart .doubt{color:#a15c00}',
  '.ipsecha-chart .transfer{color:#00708a}',
  '@media (prefers-color-scheme:dark){.ipsecha-chart .bad{color:#ff8a80}.ipsecha-chart .doubt{color:#ffb74d}.ipsecha-chart .transfer{color:#4dd0e1}}',
].join('');

/**
 * The chart as one self-contained SVG element. It takes the text colour of the page it stands in, so that it
 * can be read on light and on dark ground; what is marked bad has the class `bad`. All text is escaped, and
 * the same chart as a list is its description for those who cannot see it.
 *
 * @throws {RangeError} as drawChart does
 */
export function chartSvg(chart: Chart, { columns: wanted = wished, bands = false }: SvgOptions = {}): string {
  const glyphs = glyphsOf(true);
  const ready = prepared(chart, true);
  const columns = columnsOf(ready, wanted, glyphs) ??
    columnsOf(ready, Number.MAX_SAFE_INTEGER, glyphs) ?? { at: [], gap: [] };
  const scene = sceneOf(ready, columns, glyphs, 'above');
  const list = listText(ready, { width: Number.MAX_SAFE_INTEGER, colour: false, glyphs });
  const across = Math.max(scene.columns, Math.min(wanted, 60));
  const titles = scene.title === undefined ? [] : wrap(scene.title, across);
  const feet = scene.foot.flatMap((paragraph, i) =>
    wrap(paragraph, across - 2).map((line, k) => ({ line, reason: scene.bad && i === 0, first: k === 0 })),
  );
  const top = titles.length === 0 ? 0 : titles.length + 1;
  const below = top + scene.present.length + 1;
  const widest = Math.max(
    scene.columns,
    ...titles.map(displayWidth),
    ...feet.map(({ line }) => displayWidth(line) + 2),
  );
  const size = {
    width: Math.ceil(widest * wide + 2 * edge),
    height: Math.ceil((below + feet.length) * high + 2 * edge - (feet.length === 0 ? high : 0)),
  };
  const middle = (line: number) => edge + (top + line + 0.5) * high;
  const parts = [
    ...(bands ? stepBands(scene, top, size.width) : []),
    ...titles.map((line, i) => textElement(line, 0, i, 'title')),
    ...lifelines(scene, middle),
    ...scene.arrows.map((arrow) => arrowElement(arrow, middle(arrow.line))),
    ...scene.texts.map(({ line, column, text, tone }) => textElement(text, column, top + line, tone)),
    ...scene.signs.map((sign) => signElement(sign, middle(sign.line))),
    ...feet.map(({ line, reason, first }, i) => {
      const text = reason && first ? `${glyphs.bad} ${line}` : line;
      return textElement(text, scene.bad && !(reason && first) ? 2 : 0, below + i, reason ? 'bad' : 'plain');
    }),
  ];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="ipsecha-chart" role="img" viewBox="0 0 ${size.width} ${size.height}" width="${size.width}" height="${size.height}">`,
    `<title>${escaped(scene.title ?? 'Sequence chart')}</title>`,
    `<desc>${escaped(list)}</desc>`,
    `<style>${chartStyle}</style>`,
    ...parts,
    '</svg>\n',
  ].join('\n');
}

/** For each step a field behind all that it shows, with its number: `data-step`. Whoever draws them gives them a colour. */
function stepBands(scene: Scene, top: number, width: number): string[] {
  const y = (line: number): number => edge + (top + line) * high;
  return scene.steps.map(({ step, line: from }, index) => {
    const to = scene.steps[index + 1]?.line ?? scene.rowsEnd;
    // Half of the empty line before a step belongs to it.
    return `<rect class="band" data-step="${step}" x="0" y="${px(y(from) - high / 2)}" width="${width}" height="${px(y(to) - y(from))}"/>`;
  });
}

/** Text for element content and attributes. */
function escaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? '');
}

function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The middle of a column. */
function x(column: number): number {
  return edge + (column + 0.5) * wide;
}

function attributes(classes: readonly string[]): string {
  const used = classes.filter((name) => name !== '' && name !== 'plain');
  return used.length === 0 ? '' : ` class="${used.join(' ')}"`;
}

function textElement(text: string, column: number, line: number, tone: Tone): string {
  const at = `x="${px(edge + column * wide)}" y="${px(edge + (line + 0.5) * high + 4)}"`;
  return `<text ${at}${attributes([tone])}>${escaped(text)}</text>`;
}

function line(x1: number, y1: number, x2: number, y2: number, classes: readonly string[]): string {
  return `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}"${attributes(classes)}/>`;
}

/** The lifelines in as few pieces as possible. Names stand at lines on which no lifeline is present. */
function lifelines(scene: Scene, middle: (line: number) => number): string[] {
  const named = scene.present.map((_, i) =>
    scene.texts.some(({ line: own, tone }) => own === i && tone === 'title'),
  );
  const first = scene.present.findIndex((present) => present.includes(true));
  const end = named.lastIndexOf(true) > first ? named.lastIndexOf(true) : scene.present.length;
  if (first < 0) return [];
  return scene.lifelines.flatMap((column, i) => {
    const pieces: string[] = [];
    let start = first;
    for (let at = first; at < end; at += 1) {
      const here = scene.present[at]?.[i] ?? false;
      if (at + 1 < end && (scene.present[at + 1]?.[i] ?? false) === here) continue;
      const classes = here ? ['life'] : ['absent'];
      pieces.push(line(x(column), middle(start) - high / 2, x(column), middle(at) + high / 2, classes));
      start = at + 1;
    }
    return pieces;
  });
}

function arrowElement(arrow: SceneArrow, y: number): string {
  const on = arrow.to >= arrow.from ? 1 : -1;
  const from = x(arrow.from);
  // An arrow that reaches its lifeline ends in the column before it; a closed or open head touches the line.
  const reaches = arrow.broken !== 'end' && arrow.head !== 'lost';
  const to = x(arrow.to) + (reaches ? on * wide : 0);
  const pieces: string[] = [];
  if (arrow.double) {
    pieces.push(line(from, y - 1.5, to - on * 6, y - 1.5, []), line(from, y + 1.5, to - on * 6, y + 1.5, []));
  } else if (arrow.broken === 'none') {
    pieces.push(line(from, y, to, y, []));
  } else {
    const near = Math.abs(to - from) / 2;
    const half = from + on * near;
    pieces.push(
      line(from, y, half, y, arrow.broken === 'start' ? ['broken'] : []),
      line(half, y, to, y, arrow.broken === 'end' ? ['broken'] : []),
    );
  }
  const back = to - on * 8;
  if (arrow.head === 'closed') {
    pieces.push(`<path class="solid" d="M${px(to)} ${px(y)}L${px(back)} ${px(y - 4)}V${px(y + 4)}Z"/>`);
  } else if (arrow.head !== 'lost') {
    pieces.push(`<path d="M${px(back)} ${px(y - 4)}L${px(to)} ${px(y)}L${px(back)} ${px(y + 4)}"/>`);
  } else pieces.push(cross(to, y));
  return `<g${attributes([arrow.tone])}>${pieces.join('')}</g>`;
}

function signElement({ column, sign, tone }: SceneSign, y: number): string {
  const at = x(column);
  const circle = (solid: boolean) =>
    `<circle cx="${px(at)}" cy="${px(y)}" r="3.5"${attributes([solid ? 'solid' : ''])}/>`;
  const drawn = sign === 'event' || sign === 'start' ? circle(sign === 'event') : cross(at, y);
  return `<g${attributes([tone])}>${drawn}</g>`;
}

function cross(at: number, y: number): string {
  const [left, right, up, down] = [px(at - 4), px(at + 4), px(y - 4), px(y + 4)];
  return `<path d="M${left} ${up}L${right} ${down}M${left} ${down}L${right} ${up}"/>`;
}
