/**
 * A line of charon's log in any of the forms in which it is written and pasted: what the daemon says, and as far as the
 * form has them, by which thread, of which group and about which IKE SA.
 *
 * | form | written by |
 * | --- | --- |
 * | `Nov  3 10:00:01 05[IKE] <gw-1> text` | a log file, syslog; threads have two digits or more |
 * | `05[IKE1] <gw-1> text` | the same with `log_level = yes` |
 * | `IKE 05     : text` | syslog with `map_level = yes`, as some distributions print it |
 * | `[IKE] text` | `swanctl --log`, `swanctl --initiate` |
 * | `charon-systemd[4711]: text` | the journal of charon-systemd |
 * | `text` | `ipsec up` |
 * | `"2026-11-03 10:00:01","05[IKE] <gw-1> text"` | a table that a collector of logs has written |
 */

export interface CharonLine {
  /** The same for lines of the same logger. */
  readonly form: string;
  /** How much the form has: of two loggers that write to one log, the one with more is listened to. */
  readonly rank: number;
  /** Empty if the form has none. */
  readonly thread: string;
  /** The unique number of the IKE SA. */
  readonly unique: string | undefined;
  /** The name of its connection. */
  readonly name: string | undefined;
  readonly said: string;
}

const GROUPS = 'DMN|MGR|IKE|CHD|JOB|CFG|KNL|NET|ASN|ENC|TNC|IMC|IMV|PTS|TLS|APP|ESP|LIB';
const THREADED = new RegExp(`(?:^|[\\s:>\\]",;|])(\\d{1,6})\\[(?:${GROUPS})(\\d?)\\](?: |$)`, 'u');
const MAPPED = new RegExp(`(?:^|: )(?:${GROUPS}) (\\d{1,6}) *: `, 'u');
const GROUPED = new RegExp(`(?:^|[\\s:>])\\[(?:${GROUPS})(\\d?)\\](?: |$)`, 'u');
const TAGGED =
  /(?:^|\s)(?:charon(?:-systemd|-nm|-cmd)?|strongswan\S*|swanctl|ipsec(?:_starter)?)(?:\[ *\d+\])?: /u;
const CLOCKS = /\d\d:\d\d:\d\d/gu;
const SA = /^<(?:([^>|]*)\|)?([^>|]*)> (.*)$/su;

/** What charon says of messages, and of the beginning and the end of IKE SAs: enough to know its log without a prefix. */
const TEXT =
  /^(?:generating \w+ (?:request|response) \d+ \[|parsed \w+ (?:request|response) \d+ \[|(?:sending|received) packet: from |initiating IKE_SA |\S+ is initiating an IKE_SA|retransmit \d+ of request with|received retransmit of |received message ID \d+, expected|IKE_SA .+\[\d+\] (?:established|rekeyed) between |CHILD_SA .+\{\d+\} established with SPIs |(?:sending|received) DELETE for |deleting IKE_SA |giving up after \d+ retransmits|integrity check failed|HA segment \d+ |no heartbeat received, taking|installed HA )/u;

/** A prefix is no longer than this. */
const PREFIX = 400;

/** @returns nothing if it is no line of charon, or only the rest of one */
export function charonLine(text: string): CharonLine | undefined {
  const start = text.slice(0, PREFIX);
  const threaded = THREADED.exec(start);
  if (threaded !== null) {
    return lineOf(text, threaded, { kind: `thread${threaded[2]}`, rank: 3, thread: threaded[1] ?? '' });
  }
  const mapped = MAPPED.exec(start);
  if (mapped !== null) return lineOf(text, mapped, { kind: 'mapped', rank: 3, thread: mapped[1] ?? '' });
  const grouped = GROUPED.exec(start);
  if (grouped !== null) return lineOf(text, grouped, { kind: 'group', rank: 2, thread: '' });
  const tagged = TAGGED.exec(start);
  if (tagged !== null) return lineOf(text, tagged, { kind: 'tag', rank: 1, thread: '' });
  const bare = text.trim();
  if (!TEXT.test(bare)) return undefined;
  return { form: 'bare', rank: 0, thread: '', unique: undefined, name: undefined, said: bare };
}

function lineOf(
  text: string,
  match: RegExpExecArray,
  { kind, rank, thread }: { readonly kind: string; readonly rank: number; readonly thread: string },
): CharonLine {
  const prefix = text.slice(0, match.index);
  // With its own time in the line, a logger differs from one whose time syslog alone has put there.
  const clocks = Math.min(2, prefix.match(CLOCKS)?.length ?? 0);
  const all = text.slice(match.index + match[0].length).trim();
  // A field in quotation marks ends where they do.
  const isField = match[0].startsWith('"') || (all.endsWith('"') && prefix.includes('"'));
  const rest = isField ? (all.split('"', 1)[0] ?? '') : all;
  const sa = SA.exec(rest);
  const [, named, last = '', said = ''] = sa ?? [];
  // <gw-1> is the name of a connection that has no number told; <1> is a number that has no name yet.
  const isNumber = /^\d{1,15}$/u.test(last);
  return {
    form: `${kind} ${clocks}`,
    rank: rank * 3 + clocks,
    thread,
    unique: sa !== null && isNumber ? last : undefined,
    name: sa === null ? undefined : isNumber ? named : last,
    said: sa === null ? rest : said.trim(),
  };
}

/** Whether a text may be a log of charon. */
export function looksLikeCharon(text: string): boolean {
  return text.split(/\r?\n/u).some((line) => {
    const read = charonLine(line.replace(/^(?:\s*>)+ ?/u, '').trimEnd());
    return read !== undefined && (read.rank >= 6 || TEXT.test(read.said));
  });
}

/** Whether a text is only the beginning of what charon says: a mail program broke the line. */
export const isBroken = (said: string): boolean =>
  said === '' ||
  /^(?:generating|parsed)(?: \w+(?: (?:request|response)(?: \d+)?)?)?$/u.test(said) ||
  /^(?:generating|parsed) \w+ (?:request|response) \d+ \[[^\]]*$/u.test(said) ||
  (/^(?:sending|received) packet:(?: from\b|$)/u.test(said) && !/ to \S+\[\d+\]/u.test(said)) ||
  /^retransmit \d+ of(?: request(?: with(?: message(?: ID)?)?)?)?$/u.test(said) ||
  /^received message ID(?: \d+,?(?: expected(?: \d+[,.]?)?)?)?$/u.test(said) ||
  /^received retransmit of request(?: with(?: ID(?: \d+,?)?)?)?$/u.test(said);

/** How many lines two loggers may be apart with the same text. */
const WINDOW = 512;

/**
 * Where several loggers write to one log, each text comes several times: of each, the first is taken. The second time
 * that the same logger says it is another thing.
 */
export class LoggerCopies {
  readonly #texts = new Map<string, { readonly counts: Map<string, number>; line: number }>();

  isCopy({ form, said }: CharonLine, line: number): boolean {
    const known = this.#texts.get(said) ?? { counts: new Map<string, number>(), line };
    this.#texts.delete(said);
    this.#texts.set(said, known);
    known.line = line;
    const count = (known.counts.get(form) ?? 0) + 1;
    known.counts.set(form, count);
    for (const [oldest, { line: last }] of this.#texts) {
      if (Math.abs(line - last) < WINDOW) break;
      this.#texts.delete(oldest);
    }
    let others = 0;
    for (const [other, times] of known.counts) if (other !== form) others = Math.max(others, times);
    return count <= others;
  }
}
