/** What a piece of text means to the reader; each renderer has its own way of showing it. */
export type Tone = 'plain' | 'title' | 'quiet' | 'bad' | 'good' | 'doubt' | 'transfer';

const codes: Readonly<Record<Exclude<Tone, 'plain'>, string>> = {
  title: '1',
  quiet: '2',
  bad: '31',
  good: '32',
  doubt: '33',
  transfer: '36',
};

/**
 * Marks a colour of ours until the text is written out. It is another one in each process, so that nothing that is read
 * can have it.
 */
const MARK = `\u001b<${crypto.getRandomValues(new Uint32Array(4)).join('')}>`;
const marked = new RegExp(`${MARK}([0-9]{1,2}m)`, 'gu');

/** The texts between the colours of a text, each looked at by `shown`; the colours as a terminal takes them. */
export function withColours(text: string, shown: (between: string) => string): string {
  return text
    .split(marked)
    .map((part, index) => (index % 2 === 0 ? shown(part) : `\u001b[${part}`))
    .join('');
}

/** The text in the colour of its tone, or unchanged if colour is not wanted; `shown` makes it ready to be written. */
export function paint(text: string, tone: Tone, colour: boolean): string {
  return colour && tone !== 'plain' && text !== '' ? `${MARK}${codes[tone]}m${text}${MARK}0m` : text;
}
