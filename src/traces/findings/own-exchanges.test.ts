/** Traces judged by revisions with exchanges of their own: nothing is said of what their handlers can move. */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import countAndM1 from '../../../docs/examples/count-and-m1.ts';
import maxima from '../../../docs/examples/maxima-in-state-sync.ts';
import threeMessages from '../../../docs/examples/three-message-sync.ts';
import windowSync from '../../../docs/examples/window-sync.ts';
import { type Revision, rfc6311, type SaState } from '../../../model/index.ts';
import { validateFile } from '../validate-file.ts';
import { besideHandlers } from './own-exchanges.ts';

const REUSED = 'RFC4303-3.3.3-NEVER-REPEAT';

const trace = (name: string): string => join(import.meta.dirname, '../../../traces', name, 'capture.pcap');

const judged = async (name: string, revision: Revision) => {
  const { validation } = await validateFile(trace(name), { revision });
  return validation;
};

describe.each(
  [threeMessages, countAndM1, maxima, windowSync].map((revision) => [revision.name, revision] as const),
)('%s', (_, revision) => {
  test.each(['baseline', 'failover-naive', 'failover-esp', 'member-sync-same-m1', 'esn-reuse'])(
    'finds in %s what octets show, and says nothing of the rest',
    async (name) => {
      const [own, shipped] = [await judged(name, revision), await judged(name, rfc6311)];
      const events = (findings: typeof own.findings): readonly number[] =>
        findings.filter(({ rule }) => rule === REUSED).map(({ event }) => event);
      expect(events(own.findings)).toEqual(events(shipped.findings));
      expect(own.findings.filter(({ rule }) => rule !== REUSED)).toEqual([]);
      expect(own.verdict).toBe(events(own.findings).length > 0 ? 'violates' : 'inconclusive');
      expect(own.missing.join()).toContain('no IKE message is judged');
      expect(own.notJudged).toContain('RFC7296-2.2-NEXT-ID');
      expect(own.notJudged).not.toContain(REUSED);
      expect(own.readings).toEqual([]);
      expect(own.statistics).toEqual(shipped.statistics);
    },
  );
});

test('something is found at all, and the traces are those that are judged otherwise by the text', async () => {
  expect((await judged('esn-reuse', threeMessages)).verdict).toBe('violates');
  expect((await judged('baseline', rfc6311)).verdict).toBe('conformant');
  expect((await judged('failover-naive', rfc6311)).verdict).toBe('violates');
});

test('the handlers are named, and what is none is not', () => {
  expect(besideHandlers(rfc6311)).toBeUndefined();
  const exchanges = { ...threeMessages.exchanges, handsOver: (sa: SaState) => sa };
  const { because } = besideHandlers({ ...threeMessages, exchanges })!;
  expect(because).toMatch(
    /^since the exchanges \(.*\bmessages\.confirmation\b.*\bhandsOver\b.*\) of three-message-sync/,
  );
  expect(because).not.toContain('memory');
});
