/** Colours of a terminal (SGR of ECMA-48) that a program or a pager has put into a text. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]{0,32}m`, 'gu');

export const withoutColours = (text: string): string => text.replaceAll(COLOURS, '');
