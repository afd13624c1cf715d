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

/** The text in the colour of its tone, or unchanged if colour is not wanted. */
export function paint(text: string, tone: Tone, colour: boolean): string {
  return colour && tone !== 'plain' && text !== '' ? `\u001b[${codes[tone]}m${text}\u001b[0m` : text;
}
