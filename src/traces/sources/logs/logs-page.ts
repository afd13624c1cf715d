/** The page of the documentation about logs: `docs/logs.md`, which a test holds equal to the registry. */
import { LOG_FORMATS } from './registry.ts';

const list = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n');

const section = ({ name, title, source, shows, cannotShow, hasSpis }: (typeof LOG_FORMATS)[number]): string =>
  `## ${name}

${title[0]?.toUpperCase()}${title.slice(1)} (\`--format ${name}\`).

Where it comes from: ${source}

Shows:

${list(shows)}

Cannot show:

${list(cannotShow)}

${
  hasSpis
    ? 'Its SAs have their SPIs, so it is taken together with a capture of the same run.'
    : 'Its IKE SAs have no SPIs: it is taken together with a capture, or with other logs, by its hosts and Child SAs.'
}
`;

export const logsPage = (): string => `# Logs: what each can show

Printed from \`src/traces/sources/logs/registry.ts\`.

\`ipsecha validate LOG\` finds the format by the content; \`--format NAME\` names it. Entries of the journal of systemd
(\`journalctl -o json\`, \`json-pretty\`, \`json-sse\` and \`export\`), and those of Docker, Loki, Elasticsearch and other
collectors, whose line is in a field \`log\`, \`message\` or \`line\`, are read in every format. Logs are read as people
paste them: quoted in a mail and with lines broken by it, in Markdown or in the source of a page, newest line first, with
lines repeated or suppressed, with or without dates.

What a log leaves out is a hole, and never a fault: a line that says that lines are missing, a time that goes back, and a
line of a message that is not understood are listed under \`not read\`, and nothing that a missing message may explain is
a violation under its IKE SA; the verdict is \`inconclusive\` at best, and says why. In JSON Lines such a
place is an event \`gap\`.

Lines that are missing without a word are a hole as well: a request that a log does not have is never the fault of an end,
unless \`--complete\` says that the log is whole.

A log that begins in mid-session does not tell who opened the IKE SA. Both ends count their messages in the same way, so
it is judged all the same. No log has octets: a number that is used again for another message of the same kind looks like
a copy, and only a capture, or the log of the other end, shows the difference.

${LOG_FORMATS.map(section).join('\n')}
## Others

A log that is still being written is judged as it comes: [following.md](following.md).

Not read, for want of Message IDs or directions in them: \`swanctl --list-sas\`, \`ipsec statusall\` and \`ipsec status\`; event
logs of FortiGate, GlobalProtect, Azure, AWS and F5 (they tell that a tunnel went up or down); ESP counters of other systems
than Linux (\`ipsecctl -s all -v\`, \`setkey -D\`, \`show crypto ipsec sa\`). Not read, though they may tell both: Juniper's \`kmd\`
and \`iked\` trace options, MikroTik's \`ipsec,debug\`, racoon2, Check Point's \`ikev2.xmll\`, Huawei's and H3C's debugging, Windows'
ETL traces, and the text that Wireshark prints. Of those that are read, lines of hexadecimal digits (FortiOS, pluto, charon at
level 3) are not turned into octets.

A log of another program is read once it is written as events: \`ipsecha schema events\` prints their schema, and a line
\`{"event":"sent","from":"initiator","message":{"kind":"ike","exchange":"INFORMATIONAL","response":false,"id":2},"integrity":"good"}\`
is one. A new format is one file in \`src/traces/sources/logs\` and one entry in the registry.
`;
