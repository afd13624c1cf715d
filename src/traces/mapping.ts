/**
 * What stands for what: the specification, the fields of an event, Wireshark's fields, and the texts of logs. Where an
 * observer sees something finer or coarser than a step of the specification, that is said with the reason.
 *
 * `docs/trace-mapping.md` is this table; a test holds them equal.
 */

import { type RuleId, rfc6311 } from '../../model/index.ts';
import { judgedOnTraces, notJudgedOnTraces, notJudgedWithout, shownAsOthers } from './findings/not-judged.ts';

export interface Mapped {
  /** In the words of the specification. */
  readonly specification: string;
  readonly event: string;
  readonly wireshark: string;
  /** strongSwan's charon, at its default log levels. */
  readonly charon: string;
  /** `ip -s xfrm state` and `ip xfrm monitor`. */
  readonly xfrm: string;
}

/** What only the data of a sync message shows. */
const SYNC_RULES = notJudgedWithout(rfc6311).filter(
  (id) => id.startsWith('RFC6311-5.') || id.startsWith('RFC6311-6.'),
);

const NONE = '-';

export const mapping: readonly Mapped[] = [
  {
    specification: 'nothing: where it stands, and when it was seen',
    event: 'frame of a capture; line of a text, which is not written, for it is where the event stands; time',
    wireshark: 'frame.number, frame.time_epoch',
    charon: 'number of the line, and the time at its beginning',
    xfrm: 'number of the line',
  },
  {
    specification: 'IKE SA',
    event: 'sa',
    wireshark: 'isakmp.ispi, isakmp.rspi',
    charon: '<name|number> (the number stands for the SPIs)',
    xfrm: NONE,
  },
  {
    specification: 'who sends: initiator or responder of the SA',
    event: 'from',
    wireshark: 'isakmp.flag_i',
    charon: '"initiating IKE_SA" or "is initiating an IKE_SA", with sending or received',
    xfrm: NONE,
  },
  {
    specification: 'Message ID',
    event: 'message.id',
    wireshark: 'isakmp.messageid',
    charon: 'the number in "generating INFORMATIONAL request 2"',
    xfrm: NONE,
  },
  {
    specification: 'request, response',
    event: 'message.response',
    wireshark: 'isakmp.flag_r',
    charon: '"request" or "response" in the same line',
    xfrm: NONE,
  },
  {
    specification: 'content of a message',
    event: 'octets, octetsBeforeIntegrity, integrityValue',
    wireshark: 'udp.payload, isakmp.enc.icd',
    charon: 'not told',
    xfrm: NONE,
  },
  {
    specification: 'payloads',
    event: 'message.payloads',
    wireshark: 'isakmp.typepayload, isakmp.enc.decrypted',
    charon: 'the list in brackets; no data of notifications',
    xfrm: NONE,
  },
  {
    specification: 'sync request, sync response',
    event: 'payload N with notify 16422',
    wireshark: 'isakmp.notify.msgtype',
    charon: 'N(MSG_ID_SYN)',
    xfrm: NONE,
  },
  {
    specification: 'nonce, M1 and P1 (P2 and M2)',
    event: 'its data: 4, 4 and 4 octets',
    wireshark: 'isakmp.notify.data',
    charon: 'not told: the payloads are left out of the event',
    xfrm: NONE,
  },
  {
    specification: 'delta',
    event: 'data of payload N with notify 16423',
    wireshark: 'isakmp.notify.data',
    charon: 'not told',
    xfrm: NONE,
  },
  {
    specification: 'what both ends announced',
    event: 'payloads N with notify 16420 and 16421 in IKE_AUTH',
    wireshark: 'isakmp.notify.msgtype',
    charon: 'N(MSG_ID_SYN_SUP), N(RPL_CTR_SYN_SUP)',
    xfrm: NONE,
  },
  {
    specification: 'ESP SA in one direction',
    event: 'destination, message.spi',
    wireshark: 'ip.dst or ipv6.dst, esp.spi',
    charon: 'SPI in "parsed ESP header with SPI ..."',
    xfrm: 'dst, spi',
  },
  {
    specification: 'sequence number of a packet',
    event: 'message.sequence, message.upper',
    wireshark: 'esp.sequence',
    charon: '[seq n] (hexadecimal)',
    xfrm: NONE,
  },
  {
    specification: 'outgoing counter of an SA (the last number sent)',
    event: 'sent, with message.counter',
    wireshark: NONE,
    charon: NONE,
    xfrm: 'oseq, oseq-hi',
  },
  {
    specification: 'incoming counter of an SA (the highest number received)',
    event: 'received, with message.counter',
    wireshark: NONE,
    charon: NONE,
    xfrm: 'seq, seq-hi',
  },
  {
    specification: 'send a message',
    event: 'sent; seen',
    wireshark: 'a frame',
    charon:
      '"generating ..." and "sending packet"; "retransmit n of request with message ID" and "sending packet"',
    xfrm: NONE,
  },
  {
    specification: 'a message arrives',
    event: 'received',
    wireshark: NONE,
    charon: '"received packet" and "parsed ..."',
    xfrm: NONE,
  },
  {
    specification: 'a message is not acted on',
    event: 'dropped',
    wireshark: NONE,
    charon:
      '"received message ID n, expected m, ignored", "ignore invalid ... request", "ignore IKEV2_MESSAGE_ID_SYNC notify" after "parsed ..."; "... with message ID n processing failed"',
    xfrm: NONE,
  },
  {
    specification: 'state sync, failover',
    event: 'state-sync, failover',
    wireshark: NONE,
    charon:
      'plugin ha: "installed HA ...", from where on every change is copied; "no heartbeat received, taking all segments" or "HA segment n activated"',
    xfrm: NONE,
  },
  {
    specification: 'nothing: something is missing in the trace',
    event: 'gap',
    wireshark: NONE,
    charon:
      '"Suppressed n messages", a time that goes back, a line of a message that is not understood, an IKE SA that cannot be told from another',
    xfrm: NONE,
  },
];

/** Where what is observed is not one step of the specification. */
export interface Grain {
  readonly what: string;
  readonly grain: 'finer' | 'coarser';
  readonly because: string;
}

export const grains: readonly Grain[] = [
  {
    what: 'a message in fragments (RFC 7383, IP, TCP)',
    grain: 'finer',
    because: 'the specification sends a message as a whole: the frame that completes it is the event',
  },
  {
    what: 'receive a request and answer it',
    grain: 'finer',
    because:
      'one step of the specification, two messages on the wire and four lines of charon, between which others may come',
  },
  {
    what: 'a frame at a tap',
    grain: 'coarser',
    because:
      'it tells that the message was sent, and nothing of whether it arrived: loss beyond the tap is unseen',
  },
  {
    what: 'the same frame at two taps',
    grain: 'finer',
    because: 'it was sent once: the two are joined into one event, at the tap that is nearer to its sender',
  },
  {
    what: 'received, in a log of charon',
    grain: 'coarser',
    because:
      'charon tells that it parsed a message, not that it acted on it; so it is not taken for accepted',
  },
  {
    what: 'a message that charon ignored without parsing it',
    grain: 'coarser',
    because: 'only its Message ID is told: it is listed as not read',
  },
  {
    what: 'a counter of the Linux kernel',
    grain: 'coarser',
    because: 'it stands for all packets up to it; which of them were sent, and when, is not told',
  },
  {
    what: 'an ESP packet whose number is far behind',
    grain: 'coarser',
    because:
      'of the last 8.4 million numbers the octets are remembered, of older ones only that they were used',
  },
];

export interface Limit {
  readonly source: string;
  readonly untold: string;
  /** Ids of rules that cannot be judged by this source alone. */
  readonly rules: readonly RuleId[];
  /** What becomes of the verdict, or what helps. */
  readonly so: string;
}

const REUSE: readonly RuleId[] = ['RFC7296-2.1-RETRANSMISSION', 'RFC4303-3.3.3-NEVER-REPEAT'];

export const limits: readonly Limit[] = [
  {
    source: 'any',
    untold: 'what members tell each other, or keep to themselves',
    rules: notJudgedOnTraces(),
    so: 'an account of the cluster (`state-sync`, `failover`) narrows what can have happened',
  },
  {
    source: 'any',
    untold:
      'which rule an end forgot, where what comes of it is a Message ID or a response that is out of order',
    rules: shownAsOthers(),
    so: 'the fault is one against the rule for that Message ID, that response or that window; what is sent under a deleted IKE SA is remarked on, and initialization vectors are not read',
  },
  {
    source: 'a capture of one tap',
    untold: 'what was lost before the tap, and whether what passed it arrived',
    rules: [],
    so: 'every way that it can have been is tried; a capture at the other end, taken together with it, tells',
  },
  {
    source: 'a capture without IKE keys, or with those of another IKE SA',
    untold: 'contents of messages: what was negotiated, and all of a counter sync',
    rules: notJudgedWithout(rfc6311),
    so: '`inconclusive` at best; wrong keys are told as such',
  },
  {
    source: 'a capture without ESP keys',
    untold:
      'the upper half of extended sequence numbers, and which of two packets with one number is authentic',
    rules: ['RFC4303-3.3.3-NEVER-REPEAT'],
    so: '`inconclusive` where numbers begin again',
  },
  {
    source: 'a capture that begins in mid-session',
    untold: 'what was negotiated and used before',
    rules: ['RFC6311-5-NEGOTIATED', 'RFC6311-5-REPLAY-NEGOTIATED'],
    so: 'the first messages tell where the counters stand; what is older is not judged',
  },
  {
    source: '`tshark -T json` or `-T ek` without `-x`',
    untold: 'the octets of bare ESP packets',
    rules: ['RFC4303-3.3.3-NEVER-REPEAT'],
    so: '`inconclusive` where a number comes twice; with `-x` as a capture',
  },
  {
    source: 'a log of charon',
    untold:
      'octets, SPIs of IKE SAs, data of notifications; IKE SAs between the same hosts are mixed without `ike_name = yes`',
    rules: [...REUSE, ...SYNC_RULES],
    so: 'a number used again by other octets is taken for a copy; with a counter sync `inconclusive`; a capture taken together with it tells the rest',
  },
  {
    source: 'logs of other programs',
    untold: 'what `docs/logs.md` says of each: all of them octets and payloads',
    rules: [...REUSE, ...SYNC_RULES],
    so: 'as with a log of charon; `inconclusive` where a log does not tell of every message',
  },
  {
    source: '`ip -s xfrm state`, `ip xfrm monitor`',
    untold: 'every packet and every message',
    rules: judgedOnTraces(rfc6311).filter((id) => id !== 'RFC4303-3.3.3-NEVER-REPEAT'),
    so: '`violates` if an outgoing counter goes back, or if a sender is below what its receiver has and the receiver drops replays; else `inconclusive` alone; with a capture it tells how far the counters of ESP had come',
  },
];

/** Rules by document and section, as many as there are. */
function rulesText(rules: readonly RuleId[]): string {
  const judged = judgedOnTraces(rfc6311);
  if (rules.length === judged.length) return 'any rule';
  if (rules.length === judged.length - 1) return `any rule but ${judged.find((id) => !rules.includes(id))}`;
  return rules.length === 0 ? NONE : rules.join(', ');
}

/** Why packets of ESP are not judged by the steps of the specification, and what that leaves out. */
const ESP_BY_NUMBERS = `Packets of ESP and AH are not judged by a search over the steps of \`model/\`, as messages of IKE are, but by a memory of
numbers (\`src/traces/esp\`) that asks the functions of the rules: whether a number is new (RFC4303-3.3.3-NEVER-REPEAT), what
the first one is (RFC4303-3.3.3-NEXT-NUMBER), what a delta makes of a counter (RFC6311-5.2-PEER-DELTA), whether a receiver takes
a number for new (RFC4303-3.4.3-ANTI-REPLAY). The steps would keep every packet that was ever sent, of which there are millions a
second, and a search over members with older counters explains only what breaks NEVER-REPEAT anyway: whoever sent the first
packet, its number was used. What that leaves out: which snapshot a member sends from, so a finding on ESP names no failover that
would explain it; and that a number was skipped, which no rule forbids. Two packets with one number and other octets contradict each
other whatever was not captured. A delta that is not added, or added twice, is told under its condition, since a packet from before
may have been replayed, and packets in between may not have been captured; \`--complete\`, or for the first of the two the
sender's own log, makes it certain.`;

/** What a tap can know of two messages under one number. */
const TWO_UNDER_ONE_NUMBER = `Two requests of one end with one Message ID and other octets contradict each other: a retransmission is bitwise identical (RFC
7296, 2.1). Of responses 2.1 says that the responder remembers each, and sends it again; a responder that keeps the contents and
encrypts them anew would send other octets, with a new initialization vector. We take that for no retransmission: what is
remembered is the response, and the initiator that was promised one answer has seen two. So two different responses to one
request convict (RFC7296-2.1-RETRANSMISSION) also where no keys tell what is in them; the one exception is an end that may
have taken part in a counter sync unseen, since then the number may have been given twice by another's P2. Without keys nothing
tells whether a message is authentic: it is taken for that of the end whose SPIs and address it bears, and whoever can send packets past
the tap can make a fault that is none. Copies that differ in their integrity value alone, or that share it, are taken for forgeries and
are nobody's. With keys (\`--keys\`), what is not authentic is left out and counted.`;

/** All tables in Markdown. */
export function mappingText(): string {
  const row = (cells: readonly string[]): string =>
    `| ${cells.map((each) => each.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
    [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
  return `# What stands for what in traces

Printed from \`src/traces/mapping.ts\`.

${table(
  ['specification', 'event field', 'Wireshark field', 'charon log', 'ip xfrm'],
  mapping.map(({ specification, event, wireshark, charon, xfrm }) => [
    specification,
    event,
    wireshark,
    charon,
    xfrm,
  ]),
)}

## Finer and coarser than a step

${table(
  ['observed', 'grain', 'reason'],
  grains.map(({ what, grain, because }) => [what, grain, because]),
)}

## ESP by a memory of numbers

${ESP_BY_NUMBERS}

## Two messages under one number

${TWO_UNDER_ONE_NUMBER}

## What a source does not tell

${table(
  ['source', 'not told', 'so cannot be judged by it alone', 'verdict'],
  limits.map(({ source, untold, rules, so }) => [source, untold, rulesText(rules), so]),
)}

Where several sources of one run are taken together (\`ipsecha validate tap.pcap member.log\`), each fills in what the
others do not tell. Without keys, \`validate\` lists under \`not judged\` what it could not judge of this very trace.
`;
}
