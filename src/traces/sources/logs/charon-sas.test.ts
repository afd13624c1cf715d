/** Which IKE SA a line of charon's log belongs to, and which end of it this one is. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../events/event.ts';
import { TRACES } from '../../testing/captures.ts';
import { validate } from '../../validate.ts';
import { validateFile } from '../../validate-file.ts';
import { CharonReader } from './charon.ts';

function read(text: string) {
  const events: Event[] = [];
  const reader = new CharonReader('a', 'peer', { take: (event) => events.push(event) });
  reader.push(Buffer.from(text));
  return { events, ...reader.end() };
}

const log = (name: string): string => readFileSync(`${TRACES}${name}`, 'utf8');

/** As charon writes it unless it is told `ike_name = yes`. */
const withoutNumbers = (text: string): string => text.replaceAll(/ <(?:[^>|]*\|)?\d+> /gu, ' ');

const withoutSa = (events: readonly Event[]) => events.map(({ sa, ...rest }) => rest);

const logs = readdirSync(TRACES, { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.log') && !name.startsWith('libreswan'));

const verdictOf = (name: string): string | undefined => {
  const { traces } = JSON.parse(readFileSync(`${TRACES}${name.replace(/[^/]*$/u, 'trace.json')}`, 'utf8'));
  return traces.find(({ file }: { readonly file: string }) => file === 'capture.pcap')?.verdict;
};

describe('a log by itself', () => {
  it.each(logs)('blames nobody for what a capture shows to be in order: %s', async (name) => {
    const verdict = verdictOf(name);
    expect(verdict).toBeDefined();
    const { validation } = await validateFile(`${TRACES}${name}`);
    if (verdict !== 'violates') expect(validation.findings).toEqual([]);
    else expect(validation.verdict).not.toBe('conformant');
    // Nor does it without numbers, whatever that leaves open.
    const { events, unread } = read(withoutNumbers(log(name)));
    if (verdict !== 'violates') expect(validate(events, { unread }).findings).toEqual([]);
  });

  it('are many', () => expect(logs.length).toBeGreaterThan(10));
});

describe('IKE SAs in a log of charon', () => {
  it('have roles that change with a rekeying', () => {
    for (const [name, first, second] of [
      ['ike-rekey/peer.log', 'initiator', 'responder'],
      ['ike-rekey/clu.log', 'responder', 'initiator'],
    ] as const) {
      const sent = read(log(name)).events.flatMap((event) =>
        event.event === 'sent' && event.message.kind === 'ike' ? [[event.sa?.at(-1), event.from]] : [],
      );
      expect(new Set(sent.filter(([sa]) => sa === '1').map(([, from]) => from))).toEqual(new Set([first]));
      expect(new Set(sent.filter(([sa]) => sa === '2').map(([, from]) => from))).toEqual(new Set([second]));
    }
  });

  it('need no numbers if there is one between two hosts', () => {
    for (const name of ['baseline/peer.log', 'three-failovers/peer.log', 'two-children/peer.log']) {
      const [plain, without] = [read(log(name)), read(withoutNumbers(log(name)))];
      expect(withoutSa(without.events)).toEqual(withoutSa(plain.events));
      expect(without.unread).toEqual([]);
    }
  });

  it('are not told apart without numbers, which is said', () => {
    const { events, unread } = read(withoutNumbers(log('ike-rekey/peer.log')));
    expect(events.length).toBeGreaterThan(20);
    expect(unread.length).toBeGreaterThan(3);
    expect(unread[0]?.reason).toMatch(/to which IKE SA of several it belongs .*ike_name = yes/u);
    expect(unread[0]?.at).toBeGreaterThan(160);
    expect(validate(events, { unread }).verdict).toBe('inconclusive');
  });

  it('have their numbers anew when the daemon is started again', () => {
    const once = log('baseline/peer.log');
    const { events, unread } = read(once + once);
    const sas = new Set(events.flatMap(({ sa }) => (sa === undefined ? [] : [sa])));
    expect(sas.size).toBe(2);
    expect(
      validate(
        events.filter((event) => !('message' in event) || event.message.kind === 'ike'),
        { unread },
      ),
    ).toMatchObject({
      verdict: 'conformant',
      findings: [],
    });
  });

  it('have ends that are not known if the log begins later, and no guess is made', () => {
    const text = log('baseline/peer.log');
    const { events } = read(text.slice(text.indexOf('parsed IKE_AUTH response 1') + 100));
    const ike = events.filter((event) => 'message' in event && event.message.kind === 'ike');
    expect(ike.length).toBeGreaterThan(5);
    expect(ike.every((event) => !('from' in event))).toBe(true);
    // What follows is judged all the same: both ends count in the same way.
    const { verdict, findings, remarks } = validate(events);
    expect({ verdict, findings }).toEqual({ verdict: 'conformant', findings: [] });
    expect(remarks.map(({ message }) => message).join()).toMatch(/who opened an IKE SA is not told/u);
  });
});
