import { describe, expect, it } from 'vitest';
import type { Event } from '../events/event.ts';
import { eventJsonSchema } from '../events/event-schema.ts';
import { kept } from '../testing/captures.ts';
import { readCapture } from './capture/capture.ts';
import { InputError } from './input-error.ts';
import { EventLines, readEvents, writeEvents } from './jsonl.ts';

const HEADER = '{"schema":"ipsecha-events","version":1}';
const esp = { kind: 'esp', spi: '0dde43f0', sequence: 1 };
const ike = { kind: 'ike', exchange: 'INFORMATIONAL', response: false, id: 0 };
const seen = (message: object, more: object = {}): string =>
  JSON.stringify({ event: 'seen', message, integrity: 'good', ...more });
const notify = (more: object): string =>
  seen({
    ...ike,
    payloads: [
      { type: 'other', name: 'SA' },
      { type: 'N', notify: 1, protocol: 0, spi: '', data: '', ...more },
    ],
  });

describe('JSON Lines', () => {
  it.each(['baseline', 'replay', 'strongswan-malformed'])('round trip of %s is exact', (name) => {
    const { path, octets, keys } = kept(name);
    const cluster: Event = { time: 7.25, observer: 'B', event: 'failover', end: 'responder', member: 'B' };
    const events = [...readCapture(path, octets, keys).events, cluster];
    const text = writeEvents(events);
    expect(readEvents('a.jsonl', text)).toEqual(events);
    expect(writeEvents(readEvents('a.jsonl', text))).toBe(text);
  });

  it.each([
    ['"spi":', '"spi":"0dde43f1","spi":', 'spi'],
    ['"spi":', '"sequence" :2, "spi":', 'sequence'],
    ['"kind":', '"\\u006bind":"ike","kind":', 'kind'],
    ['{"event":', '{"event":"sent","event":', 'event'],
    ['"spi":', '"__proto__":1,"__proto__":2,"spi":', '__proto__'],
  ])('a line that says %s twice says nothing', (one, two, key) => {
    const told = `the field "${key}" is there twice in one object`;
    const line = seen(esp).replace(one, two);
    expect(line).not.toBe(seen(esp));
    expect(() => readEvents('a', line)).toThrow(told);
    const events: Event[] = [];
    const lines = new EventLines('a', { take: (event) => events.push(event) });
    lines.push(Buffer.from(`${seen(esp)}\n${line}\n`));
    expect([lines.end().unread.map(({ at, reason }) => [at, reason]), events.length]).toEqual([
      [[2, told]],
      1,
    ]);
  });

  it('takes what only looks like a key in a text for what it is', () => {
    const line = seen(esp, { observer: 'a": "event":"\\' });
    expect(readEvents('a', line)).toMatchObject([{ observer: 'a": "event":"\\' }]);
  });

  it('passes over blank lines, and the header is optional', () => {
    expect(readEvents('a', `\ufeff${HEADER}\r\n\r\n${seen(esp)}\r\n`)).toHaveLength(1);
    expect(readEvents('a', `\n${seen(esp)}`)).toHaveLength(1);
    expect(readEvents('a', '')).toEqual([]);
  });

  it.each([
    [
      '{"schema":"ipsecha-events","version":2}',
      /^a.jsonl:1: version 2 of the schema, this program reads version 1/u,
    ],
    ['{"schema":"ipsecha-events"}', /^a.jsonl:1: version missing/u],
    ['{"schema":"zeek"}', /^a.jsonl:1: schema "zeek", expected "ipsecha-events"/u],
    [`${HEADER}\n\n{"event":`, /^a.jsonl:3: not JSON: .*\n.*one JSON object a line/u],
    [`${HEADER}\n${HEADER}`, /^a.jsonl:2: event: expected "seen", .* or "gap", found nothing/u],
    ['[]', /^a.jsonl:1: the line: expected an object, found \[\]/u],
    ['7', /^a.jsonl:1: the line: expected an object, found 7/u],
    ['{"event":"saw"}', /event: expected "seen", "sent", .*, found "saw"/u],
    ['{"event":"failover"}', /end: expected .*, found nothing/u],
    ['{"event":"failover","end":"cluster"}', /end: expected "initiator" \| "responder", found "cluster"/u],
    ['{"event":"seen","integrity":"good"}', /message: expected .*, found nothing/u],
    [seen(esp, { integrity: 'fine' }), /integrity: expected "good" \| "bad" \| "unchecked", found "fine"/u],
    [seen(esp, { frmae: 7 }), /frmae: no such field/u],
    [seen(esp, { frame: 0 }), /frame: expected an integer from 1 to \d+, found 0/u],
    [seen(esp, { time: '7' }), /time: expected .*, found "7"/u],
    [seen(esp, { sa: '1:2' }), /sa: expected two SPIs of 16 lower-case .*, found "1:2"/u],
    [
      seen({ kind: 'ah' }),
      /message: expected \{"kind":"ike",...\} \| \{"kind":"esp",...\}, found \{"kind":"ah"\}/u,
    ],
    [
      seen({ ...esp, sequence: 2 ** 32 }),
      /message.sequence: expected an integer from 0 to 4294967295, found 4294967296/u,
    ],
    [seen({ ...ike, exchange: 'INFO' }), /message.exchange: expected IKE_SA_INIT, .*, found "INFO"/u],
    [seen({ ...ike, id: 1.5 }), /message.id: expected an integer.*, found 1.5/u],
    [
      notify({ data: '0' }),
      /message.payloads\[1\].data: expected an even number of lower-case .*, found "0"/u,
    ],
    [notify({ notify: 65536 }), /message.payloads\[1\].notify: expected an integer from 0 to 65535/u],
    [notify({ spis: [] }), /message.payloads\[1\].spis: no such field/u],
    [notify({ type: 'X' }), /message.payloads\[1\]: expected \{"type":"N",...\} \| .*, found \{"type":"X"/u],
  ])('explains %s', (text, message) => {
    expect(() => readEvents('a.jsonl', text)).toThrow(InputError);
    expect(() => readEvents('a.jsonl', text)).toThrow(message);
  });
});

describe('eventJsonSchema', () => {
  it('is closed, complete JSON Schema', () => {
    const schema = eventJsonSchema();
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    const text = JSON.stringify(schema);
    expect(text).toContain('"additionalProperties":false');
    expect(text).not.toContain('"additionalProperties":true');
    expect(text).toContain('^[0-9a-f]{16}:[0-9a-f]{16}$');
    for (const word of ['octetsBeforeIntegrity', 'unchecked', 'state-sync', 'spis'])
      expect(text).toContain(word);
  });
});

describe('a line that is nested too deeply', () => {
  it.each([
    ['in an event', `{"event":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    ['in the name of a schema', `{"event":"seen","schema":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
  ])('is unread, and the rest is read: %s', (_, line) => {
    const events: Event[] = [];
    const reader = new EventLines('a.jsonl', { take: (event) => events.push(event) });
    const good = '{"event":"failover","end":"responder"}';
    reader.push(Buffer.from(`${good}\n${line}\n${good}\n`));
    expect(reader.end().unread).toMatchObject([{ at: 2 }]);
    expect(events.length).toBe(2);
  });
});
