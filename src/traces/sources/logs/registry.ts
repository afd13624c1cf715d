/**
 * The formats of logs that are read. One file a format, and one entry here: `--format`, finding out by the content,
 * the reader, and the page of the documentation (`docs/logs.md`) follow from it.
 */
import { charon } from './charon.ts';
import { cisco } from './cisco.ts';
import { fortios } from './fortios.ts';
import { iked } from './iked.ts';
import { ikemgr } from './ikemgr.ts';
import type { LogFormat } from './log-format.ts';
import { pluto } from './pluto.ts';
import { tcpdump } from './tcpdump.ts';
import { xfrm } from './xfrm.ts';

/** In the order in which a text is asked whether it is one: charon, whose log may have no prefix at all, is last. */
export const LOG_FORMATS = [xfrm, tcpdump, iked, cisco, fortios, ikemgr, pluto, charon] as const;

export type LogFormatName = (typeof LOG_FORMATS)[number]['name'];

export const logFormat = (name: string): LogFormat | undefined =>
  LOG_FORMATS.find((each) => each.name === name);

/** The format of a text with this beginning. */
export const logFormatOf = (start: string): LogFormatName | undefined =>
  LOG_FORMATS.find(({ looksLike }) => looksLike(start))?.name;

/** Whether a format names IKE SAs by their SPIs. Captures and events do. */
export const hasSpis = (format: string): boolean => logFormat(format)?.hasSpis ?? true;
