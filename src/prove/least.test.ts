/** A bump or delta that is one less than the lag is not enough, for every number: by induction, and run for some. */
import { beforeAll, describe, expect, test } from 'vitest';
import { compose, rfc6311, type Settings, safetyProperties, usual } from '../../model/index.ts';
import { loadRewritten, packageFile } from '../derive/load.ts';
import { Variables } from '../derive/paths.ts';
import { messageIds, notShown, runFor, type SteppedModel, sequenceNumbers } from './least.ts';

const settings: Settings = { ...usual, requests: Infinity, failovers: Infinity };

let rewritten: SteppedModel & { readonly rfc6311: typeof rfc6311 };
beforeAll(async () => {
  const { exports } = await loadRewritten(`export * from ${JSON.stringify(packageFile('model/index'))};`);
  rewritten = exports as unknown as typeof rewritten;
});

describe.each([
  ['highest-seen', 'message-id-monotonicity', messageIds],
  ['next-expected', 'message-id-monotonicity', messageIds],
  ['earlier-syncs', 'message-id-monotonicity', messageIds],
  ['highest-seen', 'esp-sequence-unique', sequenceNumbers],
] as const)('m1-compare=%s, %s', (m1Compare, _property, waste) => {
  test('for every b there is a run with lag b + 1 that breaks it', () => {
    expect(
      notShown(rewritten, rewritten.rfc6311, { ...settings, m1Compare }, waste, new Variables()),
    ).toEqual([]);
  });

  test.each([0, 1, 2, 7])('for %i it has as many steps as the formula says', (b) => {
    const { steps, because } = runFor(
      { compose, safetyProperties },
      rfc6311,
      { ...settings, m1Compare },
      waste,
      b,
    );
    expect(because).not.toBeNull();
    expect(steps).toBe(waste.steps(b));
  });
});

test('what is not so is told', () => {
  const early = { ...messageIds, rounds: (b: number) => b, end: messageIds.round };
  expect(notShown(rewritten, rewritten.rfc6311, settings, early, new Variables())).toEqual([
    'the end: the property is not broken',
  ]);
});
