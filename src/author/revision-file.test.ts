import { describe, expect, test } from 'vitest';
import ownRevision from '../../docs/examples/own-revision-file.ts';
import template from '../../docs/examples/template-revision.ts';
import { ikev2, type Revision, rfc6311, scenarios } from '../../model/index.ts';
import { check, settingsWith } from '../questions/check.ts';
import { UsageError } from '../questions/usage-error.ts';
import { isRevisionFile, revisionOf, slotNames } from './revision-file.ts';
import { revisionIn } from './testing/loaded-revision.ts';

const scenario = scenarios[0]!;
const counterSync = rfc6311.counterSync!;

/** A revision as somebody might write it who does not have a compiler at hand. */
const draft = (changes: object) =>
  revisionIn({ default: { ...rfc6311, name: 'draft', ...changes } }, 'draft.ts');

async function explored(revision: Revision, name = 'single-failover') {
  const place = scenarios.find((each) => each.name === name)!;
  const settings = settingsWith(place.sizes.small, ['requests=1', 'bump=1'], revision);
  return check({ revision, scenario: place, size: 'small', settings });
}

describe('what is a file', () => {
  test.each(['draft.ts', './draft', 'drafts/draft', 'draft.mjs', 'C:\\draft'])('%s', (argument) => {
    expect(isRevisionFile(argument)).toBe(true);
  });

  test.each(['rfc6311', 'ipsecha-01', 'draft.json'])('%s is none', (argument) => {
    expect(isRevisionFile(argument)).toBe(false);
  });

  test('a name is still a name', async () => {
    expect(await revisionOf('rfc6311')).toBe(rfc6311);
    await expect(revisionOf('rfc6312')).rejects.toThrow("unknown revision 'rfc6312'");
  });

  test.each([
    ['./nowhere/draft.ts', 'there is no file ./nowhere/draft.ts'],
    ['docs/transcripts/check.md', 'docs/transcripts/check.md is not a TypeScript or JavaScript file'],
    ['docs/examples/', 'docs/examples/ is not a TypeScript or JavaScript file'],
  ])('%s', async (argument, message) => {
    await expect(revisionOf(argument)).rejects.toThrow(message);
    await expect(revisionOf(argument)).rejects.toThrow(UsageError);
  });
});

describe('the revision in a file', () => {
  test('is its default export, or the only one that looks like a revision', () => {
    const mine = { ...ikev2, name: 'mine' };
    expect(revisionIn({ default: mine, other: rfc6311 }, 'f.ts').name).toBe('mine');
    expect(revisionIn({ mine, number: 3 }, 'f.ts').name).toBe('mine');
  });

  test('has a title and a source, if only its own name and file', () => {
    const { title, source } = revisionIn(
      { default: { ...ikev2, name: 'n', title: '', source: undefined } },
      'f.ts',
    );
    expect([title, source]).toEqual(['n', 'f.ts']);
  });

  test('gives the same numbers, verdicts and rules as when it is shipped', async () => {
    const {
      seconds: _,
      verdictSeconds: _v,
      statesPerSecond: __,
      ...figures
    } = (await explored(rfc6311)).statistics;
    const own = await explored(draft({}));
    expect(own.statistics).toMatchObject(figures);
    expect(own.neverOccurred).toEqual((await explored(rfc6311)).neverOccurred);
  });

  test.each([
    [{}, 'f.ts exports no revision'],
    [{ a: { ...ikev2, name: 'a' }, b: { ...ikev2, name: 'b' } }, 'f.ts exports several revisions: a, b'],
    [{ default: 3 }, 'f.ts: its default export is number 3, not a revision'],
    [{ default: () => 3 }, 'f.ts: its default export is a function, not a revision'],
    [{ default: { ...ikev2, name: undefined } }, 'f.ts: the revision has no name'],
    [{ default: { ...ikev2, name: 'two words' } }, 'f.ts: the name of the revision is string "two words"'],
    [{ default: ikev2 }, "f.ts: the revision is named 'ikev2', as a shipped one is"],
  ])('%#: %s', (exports, message) => {
    expect(() => revisionIn(exports, 'f.ts')).toThrow(message);
    expect(() => revisionIn(exports, 'f.ts')).toThrow(UsageError);
  });

  test.each([
    [{ counterSync: undefined }, "'counterSync' is missing"],
    [{ counterSync: 3 }, "'counterSync' is number 3"],
    [{ ike: null }, "'ike' is null"],
    [{ counterSync: { ...counterSync, adopt: undefined } }, 'the slot counterSync.adopt is missing'],
    [{ counterSync: { ...counterSync, adopts: counterSync.adopt } }, 'there is no slot counterSync.adopts'],
    [
      { ike: { ...rfc6311.ike, isExpected: true } },
      'the slot ike.isExpected is boolean true, not a function',
    ],
    [{ policies: 'bump' }, "'policies' is string"],
    [{ policies: ['bumps'] }, `'policies' lists string "bumps"`],
  ])('%#: %s', (changes, message) => {
    expect(() => draft(changes)).toThrow(`draft.ts: ${message}`);
    expect(() => draft(changes)).toThrow(UsageError);
  });
});

describe('a rule function that goes wrong is named', () => {
  test.each([
    ['chooseM2', () => undefined, 'returned undefined'],
    ['chooseM2', () => 1.5, 'returned 1.5'],
    ['chooseM2', () => Number.NaN, 'returned NaN, when it was called with ({'],
    ['chooseM2', () => -1, 'returned -1'],
    ['chooseM2', () => '3', 'returned "3"'],
    ['chooseM2', async () => 3, 'returned an instance of Promise'],
    ['chooseM1', () => Math.random() * 1e9, 'returned'],
    ['chooseM1', () => Math.floor(Math.random() * 1e9), 'returned two results for the same values'],
    ['isStale', () => 1, 'returned 1'],
    ['nonceMatches', () => undefined, 'returned undefined'],
    ['echoNonce', () => null, 'returned null'],
    ['adopt', () => undefined, 'returned undefined'],
    ['adopt', () => ({ expectedSend: 0 }), 'returned a state without announced'],
    ['adopt', (sa: object) => ({ ...sa, expectedSend: '3' }), 'returned a state with expectedSend "3"'],
    ['adopt', (sa: object) => ({ ...sa, seen: new Map() }), 'returned an instance of Map in .seen'],
    [
      'adopt',
      (sa: object) => ({ ...sa, expectdSend: 1 }),
      'returned a state with the field expectdSend, which there is not; did you mean expectedSend?',
    ],
    ['tellM1', (sa: { m1Sent: number }) => Object.assign(sa, { m1Sent: 1 }), 'threw TypeError'],
    [
      'isNegotiated',
      () => {
        throw new RangeError('too far');
      },
      'threw RangeError: too far',
    ],
  ])('%s %#: %s', async (slot, embodiment, message) => {
    const revision = draft({ counterSync: { ...counterSync, [slot]: embodiment } });
    const run = explored(revision, 'multiple-failover');
    await expect(run).rejects.toThrow(`draft.ts: counterSync.${slot} ${message}`);
    await expect(run).rejects.toThrow(UsageError);
  });

  test('also one of ordinary IKE', async () => {
    const revision = draft({ ike: { ...rfc6311.ike, nextRequestId: () => null } });
    await expect(explored(revision)).rejects.toThrow('draft.ts: ike.nextRequestId returned null');
  });
});

describe('the examples', () => {
  test('are revisions', () => {
    expect(revisionIn({ default: template }, 'template-revision.ts').name).toBe('template');
    expect(revisionIn({ default: ownRevision }, 'own-revision-file.ts').name).toBe('m2-is-m1');
  });

  test('the template has every slot that a revision needs', () => {
    expect(Object.keys(template.ike)).toEqual(expect.arrayContaining([...slotNames('ike').needed]));
    expect(Object.keys(template.counterSync!)).toEqual(
      expect.arrayContaining([...slotNames('counterSync').needed, ...Object.keys(counterSync)]),
    );
  });

  test('the template behaves as RFC 6311 does', async () => {
    const shipped = await explored(rfc6311, 'replay');
    const own = await explored(template, 'replay');
    expect(own.properties).toEqual(shipped.properties.map((property) => ({ ...property })));
    expect(own.statistics.states).toBe(shipped.statistics.states);
    expect(own.statistics.transitions).toBe(shipped.statistics.transitions);
  });
});

test('a guarded revision keeps what else it says', () => {
  expect(draft({ title: 'T' })).toMatchObject({ title: 'T', policies: expect.arrayContaining(['bump']) });
  expect(scenario.name).toBe('single-failover');
});
