import { beforeAll, describe, expect, test } from 'vitest';
import { catalogue, ikev2, properties, rfc6311, scenarios } from '../../../model/index.ts';
import { obligations } from '../../../proofs/index.ts';
import { check } from '../../check/check.ts';
import type { Overview } from '../../overview/overview.ts';
import type { ProofResult } from '../../prove/index.ts';
import type { Validation } from '../../traces/finding.ts';
import { packageContent } from './content.ts';
import { sitePage } from './page.ts';
import { allElements, type Element, readHtml, textOf } from './testing/read-html.ts';

/** Text as an attacker would have it captured. */
const HOSTILE = `"><script>alert('x')</script>&amp; \u202e\u0000</td>`;

const validation: Validation = {
  files: ['t/a.pcap'],
  revision: 'rfc6311',
  verdict: 'violates',
  notJudged: [],
  missing: [HOSTILE],
  readings: [{ settings: { retry: 'same' }, ofTheText: true, verdict: 'violates' }],
  findings: [
    {
      rule: 'RFC6311-5.1-M1-FRESH',
      property: 'message-id-monotonicity',
      actor: 'cluster',
      address: HOSTILE,
      event: 7,
      frame: 9,
      message: HOSTILE,
      allowed: HOSTILE,
      explainedUntil: 6,
      alsoFrames: [11],
    },
    {
      rule: HOSTILE,
      property: HOSTILE,
      actor: 'peer',
      event: 12,
      message: '',
      allowed: '',
      explainedUntil: 9,
    },
  ],
  remarks: [{ message: HOSTILE, frame: 3 }],
  unread: [{ file: HOSTILE, at: 5, reason: HOSTILE }],
  statistics: {
    events: 12,
    ikeMessages: 12,
    espPackets: 0,
    ikeSas: 1,
    espSas: 0,
    repeated: 0,
    retransmitted: 0,
    duplicated: 0,
    replayed: 0,
    notAuthentic: 0,
  },
};

const golden = { file: 't/a.pcap', about: HOSTILE, verdict: 'conformant', findings: [] } as const;

const proofs: readonly ProofResult[] = obligations.map(({ prove: _, ...obligation }) => ({
  id: obligation.id,
  verdict: 'refuted',
  parts: [{ name: 'is there a run of 1 < 2 steps?', result: 'sat', wanted: 'either', seconds: 1 }],
  countermodel: {
    steps: [
      { action: 'established', state: { next: 0, syncing: false }, changed: [] },
      { action: 'request', state: { next: 1, syncing: false }, changed: ['next'] },
    ],
  },
  solver: { name: 'Z3', version: '1.2' },
  seconds: 1,
  digest: 'ab'.repeat(32),
  obligation,
}));

let overview: Overview;
let markup: string;
let page: readonly Element[];

beforeAll(async () => {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('there are scenarios');
  const settings = { ...scenario.sizes.small, requests: 2 };
  const checks = [
    await check({ revision: ikev2, scenario, size: 'small', settings }),
    await check({ revision: rfc6311, scenario, size: 'small', settings }),
  ];
  const traces = [{ golden, validation }];
  overview = { checks, traces, proofs, surprises: [HOSTILE], seconds: 1, interrupted: false };
  markup = sitePage({ ...(await packageContent()), overview, hasApi: true });
  page = allElements(readHtml(markup));
});

const named = (name: string): readonly Element[] => page.filter((element) => element.name === name);
const attribute = (name: string): readonly string[] =>
  page.flatMap(({ attributes }) => attributes[name] ?? []);

/** The text of the element with an anchor. */
function textAt(id: string): string {
  const element = page.find(({ attributes }) => attributes['id'] === id);
  if (element === undefined) throw new Error(`no anchor ${id}`);
  return textOf(element);
}

describe('the page', () => {
  test('gives each anchor once', () => {
    const ids = attribute('id');
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[A-Za-z][A-Za-z0-9.-]*$/.test(id))).toEqual([]);
  });

  test('has an anchor for every rule and property: their ids', () => {
    expect(attribute('id')).toEqual(
      expect.arrayContaining([...catalogue, ...properties].map(({ id }) => id)),
    );
  });

  test('links only to what there is', () => {
    const ids = new Set(attribute('id'));
    const hrefs = attribute('href');
    expect(hrefs.length).toBeGreaterThan(100);
    expect(
      hrefs.filter((href) => href !== 'api/index.html' && !(href.startsWith('#') && ids.has(href.slice(1)))),
    ).toEqual([]);
  });

  test('needs nothing else: no script, no image, no style sheet', () => {
    for (const name of ['script', 'img', 'link', 'iframe', 'object']) expect(named(name)).toEqual([]);
    expect(attribute('src')).toEqual([]);
    expect(markup).not.toMatch(/\bon[a-z]+=|javascript:|@import|url\(/);
  });

  test('shows captured text as text', () => {
    expect(markup).not.toContain('<script');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
    expect(markup).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(textAt('trace-t-a')).toContain(`"><script>alert('x')</script>&amp;`);
  });

  test('is the same for the same content', async () => {
    const content = { ...(await packageContent()), overview, hasApi: true };
    expect(sitePage(content)).toBe(markup);
    expect(sitePage({ ...content, hasApi: false })).not.toContain('api/index.html');
  });
});

describe('what it says', () => {
  test('of a rule: text, function, properties, proofs, traces', () => {
    const said = textAt('RFC6311-5.1-M1-FRESH');
    for (const part of [
      'M1 is above every Message ID known to have been used',
      'RFC 6311, section 5.1',
      'newly active member',
      'from knowledge of the published text, not looked up; wording ours',
      'Math.max(sa.expectedSend, sa.m1Sent + 1)',
      'counters-never-regress',
      'message-id-unique-unassumed',
      't/a.pcap (frame 9)',
    ]) {
      expect(said).toContain(part);
    }
  });

  test('of a check: a chart for each counterexample, none for what holds', () => {
    const broken = overview.checks.flatMap((result) =>
      result.properties.filter((each) => each.counterexample),
    );
    expect(broken.length).toBeGreaterThan(0);
    expect(named('svg').length).toBe(broken.length);
    expect(textAt('checks')).toContain('✓ holds');
    expect(textAt('counterexample-ikev2-single-failover-message-id-monotonicity')).toContain('member B');
  });

  test('of a trace: verdict, what was expected, findings with what was allowed', () => {
    expect(textAt('traces')).toContain('✗ violates');
    expect(textAt('traces')).toContain('no, expected: conformant');
    expect(textAt('trace-t-a')).toContain('9, 11');
    expect(textAt('trace-t-a')).toContain('event 12');
  });

  test('of a proof: verdict, assumptions, run', () => {
    const said = textAt('proof-message-id-unique');
    expect(said).toContain('refuted, expected: proved');
    expect(said).toContain('M1-ABOVE-USED');
    expect(said).toContain('next: 1');
  });

  test('of surprises, if there are any', () => {
    expect(textAt('top')).toContain('Not as expected');
  });
});

describe('the reader of these tests', () => {
  test.each([
    '<p>a',
    '<b><i></b></i>',
    '<p>a < b</p>',
    '<p>a & b</p>',
    '<p id=x></p>',
    '<p id="a" id="b"></p>',
    '</p>',
  ])('does not take %s', (wrong) => {
    expect(() => readHtml(wrong)).toThrow();
  });
});
