import { clean } from './text.ts';

/** Text that Markdown shows as it is. */
export const inline = (text: string): string => clean(text).replace(/[\\`*_{}[\]<>#|&~]/g, '\\$&');
