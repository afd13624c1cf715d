/** The characters a chart is drawn with. All take one column except `to` and `transfer` in ASCII. */
export interface Glyphs {
  readonly lifeline: string;
  readonly line: string;
  readonly dash: string;
  readonly double: string;
  readonly cross: string;
  readonly doubleCross: string;
  /** An arrow leaving its lifeline to the right and to the left. */
  readonly leaveRight: string;
  readonly leaveLeft: string;
  readonly doubleRight: string;
  readonly doubleLeft: string;
  readonly right: string;
  readonly left: string;
  readonly openRight: string;
  readonly openLeft: string;
  /** The end of an arrow that breaks off. */
  readonly awayRight: string;
  readonly awayLeft: string;
  readonly lost: string;
  readonly event: string;
  readonly bad: string;
  readonly stop: string;
  readonly start: string;
  /** In running text. */
  readonly to: string;
  readonly transfer: string;
}

const unicodeGlyphs: Glyphs = {
  lifeline: '│',
  line: '─',
  dash: '╌',
  double: '═',
  cross: '┼',
  doubleCross: '╪',
  leaveRight: '├',
  leaveLeft: '┤',
  doubleRight: '╞',
  doubleLeft: '╡',
  // Not ▶ and ◀, which many terminals show as emoji two columns wide.
  right: '►',
  left: '◄',
  openRight: '>',
  openLeft: '<',
  awayRight: '>',
  awayLeft: '<',
  lost: '╳',
  event: '●',
  bad: '✗',
  stop: '╳',
  start: '○',
  to: '→',
  transfer: '⇒',
};

const asciiGlyphs: Glyphs = {
  lifeline: '|',
  line: '-',
  dash: '.',
  double: '=',
  cross: '|',
  doubleCross: '|',
  leaveRight: '|',
  leaveLeft: '|',
  doubleRight: '|',
  doubleLeft: '|',
  right: '>',
  left: '<',
  openRight: ')',
  openLeft: '(',
  awayRight: '>',
  awayLeft: '<',
  lost: 'X',
  event: '*',
  bad: 'x',
  stop: 'X',
  start: 'o',
  to: '->',
  transfer: '=>',
};

export function glyphsOf(unicode: boolean): Glyphs {
  return unicode ? unicodeGlyphs : asciiGlyphs;
}
