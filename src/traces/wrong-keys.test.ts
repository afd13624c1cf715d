/** Keys that are wrong for one IKE SA of a capture: that is said, and the others are judged in full. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importFile } from './import-file.ts';
import { readTrace } from './sources/read-trace.ts';
import { TRACES } from './testing/captures.ts';
import { validateFile } from './validate-file.ts';

const CAPTURE = `${TRACES}reauthentication/capture.pcap`;
const [first = '', second = ''] = readFileSync(`${TRACES}reauthentication/keys.csv`, 'utf8').split('\n');

/** The row with another key in a field. */
const spoilt = (row: string, field: number): string =>
  row
    .split(',')
    .map((value, at) => (at === field ? value.replaceAll(/[0-9]/gu, '5') : value))
    .join(',');

function keyFile(...rows: readonly string[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'ipsecha-keys-')), 'keys.csv');
  writeFileSync(file, `${rows.join('\n')}\n`);
  return file;
}

/** SK_ei, SK_er, SK_ai and SK_ar in a row of keys. */
const FIELDS = [2, 3, 5, 6] as const;

describe('wrong keys of one IKE SA among two', () => {
  it.each(FIELDS)('are said, and the rest is judged (field %i)', async (field) => {
    const keys = [keyFile(first, spoilt(second, field))];
    const { validation } = await validateFile(CAPTURE, { keys });
    expect(validation.findings).toEqual([]);
    expect(validation.verdict).toBe('inconclusive');
    expect(validation.missing[0]).toMatch(
      /the right keys for SA 4fa5de52bb75c9dc:fcad503b7ec25912, of which the headers alone are judged .*keys\.csv:2/u,
    );
    const { events } = await readTrace(CAPTURE, { keys });
    const contents = (sa: string): boolean =>
      events.some(
        (event) =>
          'message' in event &&
          event.sa?.startsWith(sa) &&
          event.message.kind === 'ike' &&
          event.message.exchange === 'IKE_AUTH' &&
          event.message.payloads !== undefined,
      );
    expect([contents('977ab4b6212b9865'), contents('4fa5de52bb75c9dc')]).toEqual([true, false]);
    expect(events.some((event) => 'message' in event && event.integrity === 'bad')).toBe(false);
  });

  it('are said by an import too', async () => {
    const keys = [keyFile(first, spoilt(second, 5))];
    let text = '';
    const { missing, events } = await importFile(
      CAPTURE,
      (piece) => {
        text += piece;
      },
      { keys },
    );
    expect(missing).toHaveLength(1);
    expect(text.split('\n').filter((line) => line.includes('"event"'))).toHaveLength(events);
  });

  it('are refused where those of no SA fit', async () => {
    const keys = [keyFile(spoilt(first, 5), spoilt(second, 5))];
    await expect(validateFile(CAPTURE, { keys })).rejects.toThrow(/do not fit/u);
  });
});

describe('a row that cannot be used', () => {
  const good = readFileSync(`${TRACES}failover-esp/keys.csv`, 'utf8');
  const path = `${TRACES}failover-esp/capture.pcap`;
  const strange = good.replace(/"AES[^"]*"/u, '"MARS [none]"');

  it('refuses the capture of its IKE SA', async () => {
    const keys = [keyFile(strange)];
    await expect(validateFile(path, { keys })).rejects.toThrow(/keys.csv:1: encryption algorithm "MARS/u);
  });

  it('is passed over with a note in that of another', async () => {
    const other = strange.replace(/^[0-9a-f]{16}/iu, '9'.repeat(16));
    const { validation } = await validateFile(path, { keys: [keyFile(other.trim(), good)] });
    expect(validation.notJudged).toEqual([]);
    expect(validation.remarks.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/keys.csv:1: encryption algorithm "MARS .*this row is not needed$/u),
    );
  });
});
