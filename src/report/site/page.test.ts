import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  catalogue,
  clauses,
  ikev2,
  isModelled,
  properties,
  type RuleId,
  rfc6311,
  scenarios,
  textExamples,
} from '../../../model/index.ts';
import { ruleExamples } from '../../overview/ablation-record.ts';
import { findingExamples } from '../../overview/finding-examples.ts';
import { goldenTraces } from '../../overview/golden.ts';
import type { Overview } from '../../overview/overview.ts';
import { check } from '../../questions/check.ts';
import { addressOf, type WalkAddress } from '../../questions/walk-address.ts';
import type { Event } from '../../traces/events/event.ts';
import { neighbourhoodsIn } from '../../traces/events/neighbourhood.ts';
import type { Validation } from '../../traces/findings/finding.ts';
import { ANCHOR, PAGE } from './anchors.ts';
import { packageContent, type SiteContent } from './content.ts';
import { bibtex, sourceLink } from './edition.ts';
import { html } from './html.ts';
import type { SearchEntry } from './search.ts';
import { type SiteFile, siteFiles } from './site.ts';
import { style } from './style.ts';
import { allElements, type Element, readHtml, textOf } from './testing/read-html.ts';

/** A rule without which something breaks. */
const EXAMPLE = 'RFC6311-5.1-DROP-STALE';

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
      rule: HOSTILE as RuleId,
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
  facts: [],
  frames: { frames: 0, keepalives: 0, other: 0, fragments: 0 },
  statistics: {
    events: 12,
    ikeMessages: 12,
    espPackets: 0,
    ahPackets: 0,
    ikeSas: 1,
    espSas: 0,
    repeated: 0,
    retransmitted: 0,
    duplicated: 0,
    replayed: 0,
    notAuthentic: 0,
  },
};

const events = Array.from(
  { length: 12 },
  (): Event => ({
    ...{ event: 'seen', from: 'initiator', source: HOSTILE, destination: '10.0.0.1', integrity: 'good' },
    message: { kind: 'ike', exchange: 'INFORMATIONAL', response: false, id: 7 },
  }),
);

const golden = { file: 't/a.pcap', about: HOSTILE, verdict: 'conformant', findings: [] } as const;

/** A text by hand, with what it must not be able to do. */
const README = `# T

<b onclick="x()">markup</b> [bad](javascript:x) [page](docs/sharding.md#a) [none](nowhere.md) \`bump\`
`;

let content: SiteContent;
let files: readonly SiteFile[];
let pages: ReadonlyMap<string, readonly Element[]>;

beforeAll(async () => {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('there are scenarios');
  const settings = { ...scenario.sizes.small, requests: 2 };
  const checks = [
    await check({ revision: ikev2, scenario, size: 'small', settings }),
    await check({ revision: rfc6311, scenario, size: 'small', settings }),
  ];
  const traces = [{ golden, validation, around: neighbourhoodsIn(events, [7]) }];
  const overview: Overview = {
    conclusions: [{ says: 'It came out.', findings: ['F-01'] }],
    checks,
    traces,
    theorems: [],
    surprises: [],
    seconds: 1,
    interrupted: false,
  };
  const read = { ...(await packageContent()), scripts: { judge: '', walk: 'void 0;', search: 'void 1;' } };
  const { examples } = await ruleExamples(
    { rfc6311: { [EXAMPLE]: read.ablation['rfc6311']?.[EXAMPLE] ?? {} } },
    {},
  );
  const text = read.documents.get('docs/findings.md') ?? '';
  const part = (from: string, to: string): string => text.slice(text.indexOf(from), text.indexOf(to));
  const first = await findingExamples(part('### F-01', '### F-02') + part('### F-04', '## Q-02'), {});
  expect(first.surprises).toEqual([]);
  content = {
    ...read,
    overview,
    examples,
    findingExamples: first.examples,
    drafts: [],
    surprises: [HOSTILE],
    hasApi: true,
  };
  files = siteFiles(content);
  pages = new Map(files.map(({ name, markup }) => [name, allElements(readHtml(markup))]));
}, 120_000);

const elements = (file: string): readonly Element[] => {
  const found = pages.get(file);
  if (found === undefined) throw new Error(`no page ${file}`);
  return found;
};
const named = (name: string): readonly Element[] =>
  [...pages.values()].flat().filter((element) => element.name === name);
const attributeOf = (all: readonly Element[], name: string): readonly string[] =>
  all.flatMap(({ attributes }) => attributes[name] ?? []);
const attribute = (name: string): readonly string[] => attributeOf([...pages.values()].flat(), name);

/** The text of a page, or of the element on it that has an anchor. */
function textAt(file: string, id = 'main'): string {
  const element = elements(file).find(({ attributes }) => attributes['id'] === id);
  if (element === undefined) throw new Error(`no anchor ${id} on ${file}`);
  return textOf(element);
}

describe("a draft of an author's", () => {
  test('stands beside the shipped revisions, with its text, and every link leads somewhere', () => {
    const [first] = content.overview.checks;
    const checks = [...content.overview.checks, { ...first!, revision: 'mine' }];
    const drafted = siteFiles({
      ...content,
      overview: { ...content.overview, checks },
      drafts: [{ revision: { ...ikev2, name: 'mine' }, file: './mine.ts', text: 'export default 1 < 2;' }],
    });
    const markup = (name: string): string => drafted.find((each) => each.name === name)?.markup ?? '';
    expect(markup('revision-mine.html')).toContain('export default 1 &lt; 2;');
    expect(markup('revision-mine.html')).toContain('check-mine-single-failover.html');
    expect(markup('check-mine-single-failover.html')).toContain('npx ipsecha check ./mine.ts --scenario');
    expect(markup('check-mine-single-failover.html')).not.toContain('#revision=mine');
    expect(markup('revisions.html')).toContain('revision-mine.html');
    expect(markup('index.html')).toContain('revision-mine.html');
    const names = new Set(drafted.map(({ name }) => name));
    for (const { name } of drafted.filter((each) => each.name.includes('mine')))
      for (const [, href = ''] of markup(name).matchAll(/href="([^"#:]+)(?:#[^"]*)?"/g))
        if (!href.startsWith('api/')) expect(names).toContain(href);
  });
});

describe('every id that was published', () => {
  const published = JSON.parse(
    readFileSync(new URL('../../../docs/ids.json', import.meta.url), 'utf8'),
  ) as Readonly<Record<string, readonly string[]>>;

  test.each([
    ['rules', (id: string) => ANCHOR.rule(id)],
    ['properties', (id: string) => ANCHOR.property(id)],
    ['findings', (id: string) => ANCHOR.finding(id)],
    ['questions', (id: string) => ANCHOR.finding(id)],
    ['clauses', (id: string) => ({ page: PAGE.clauses, id })],
    ['examples', (id: string) => ANCHOR.example(id)],
  ] as const)('of %s has its place', (kind, place) => {
    expect(published[kind]?.length).toBeGreaterThan(1);
    for (const id of published[kind] ?? []) {
      const { page, id: anchor } = place(id);
      const found = elements(page).filter(({ attributes }) => attributes['id'] === anchor);
      expect(found, `${id} at ${page}#${anchor}`).toHaveLength(1);
    }
  });

  test('of traces is still shipped', async () => {
    const shipped = (await goldenTraces()).map(({ file }) => file);
    for (const name of published['traces'] ?? []) expect(shipped).toContain(`${name}/capture.pcap`);
  });

  test('and every id that there is stands in docs/ids.json', () => {
    expect(published['rules']).toEqual(expect.arrayContaining(catalogue.map(({ id }) => id)));
    expect(published['properties']).toEqual(expect.arrayContaining(properties.map(({ id }) => id)));
    expect(published['examples']).toEqual(expect.arrayContaining(textExamples.map(({ id }) => id)));
    const findings = content.documents.get('docs/findings.md') ?? '';
    const headings = [...findings.matchAll(/^#+ ([FQ]-\d+)/gm)].map(([, id]) => id);
    const known = [...(published['findings'] ?? []), ...(published['questions'] ?? [])];
    expect(known).toEqual(expect.arrayContaining(headings));
  });
});

test('a function is named by file and line, and linked where the repository is named', () => {
  const [caption] = elements('RFC6311-5.1-DROP-STALE.html').filter(({ name }) => name === 'figcaption');
  expect(textOf(caption!)).toMatch(/ in model\/rfc6311\/[\w.-]+\.ts:\d+$/);
  const edition = {
    ...content.edition,
    repository: 'https://example.org/ipsecha',
    commit: { id: 'ab'.repeat(20), date: '2026-11-30' },
  };
  expect(html`${sourceLink('model/a.ts', 7, edition)}`.markup).toContain(
    `href="https://example.org/ipsecha/blob/${'ab'.repeat(20)}/model/a.ts#L7"`,
  );
  expect(bibtex(edition)).toContain('date    = {2026-11-30}');
});

describe('the pages', () => {
  test('have names of their own that every file system takes, in any case of letters', () => {
    const names = files.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z0-9][a-z0-9.-]*\.html$/.test(name))).toEqual([]);
  });

  test('give each anchor once', () => {
    for (const [file, all] of pages) {
      const ids = attributeOf(all, 'id');
      expect(
        ids.filter((id, index) => ids.indexOf(id) !== index),
        file,
      ).toEqual([]);
      expect(
        ids.filter((id) => !/^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(id)),
        file,
      ).toEqual([]);
    }
  });

  test('have one for every rule and property, called by its id, which is an anchor of index.html as well', () => {
    const ids = [...catalogue, ...properties].map(({ id }) => id);
    expect([...pages.keys()]).toEqual(expect.arrayContaining(ids.map((id) => `${id}.html`)));
    expect(attributeOf(elements('index.html'), 'id')).toEqual(expect.arrayContaining(ids));
  });

  test('link only to what there is, or to the world outside', () => {
    let followed = 0;
    const broken = [...pages].flatMap(([file, all]) =>
      attributeOf(all, 'href')
        .filter((href) => {
          if (/^https:\/\//.test(href) || href === 'api/index.html') return false;
          followed += 1;
          const [page = '', id] = href.split('#');
          // What stands behind the # of the walk is a run, not an anchor.
          if (page === 'walk.html') return id !== undefined && 'wrong' in addressOf(id);
          const target = pages.get(page === '' ? file : page);
          return target === undefined || (id !== undefined && !attributeOf(target, 'id').includes(id));
        })
        .map((href) => `${file}: ${href}`),
    );
    expect(broken).toEqual([]);
    expect(followed).toBeGreaterThan(2000);
  });

  test('can all be reached from the first one', () => {
    const reached = new Set(['index.html']);
    for (const file of reached) {
      for (const href of attributeOf(elements(file), 'href')) {
        const [page = ''] = href.split('#');
        if (pages.has(page)) reached.add(page);
      }
    }
    expect([...pages.keys()].filter((file) => !reached.has(file))).toEqual([]);
  });

  test('need nothing else: no script but the programs of three of them, no image, no style sheet', () => {
    const programs = named('script');
    expect(programs).toHaveLength(3);
    for (const [at, page] of ['walk.html', 'judge.html', 'search.html'].entries())
      expect(elements(page)).toContain(programs[at]);
    for (const name of ['img', 'link', 'iframe', 'object']) expect(named(name)).toEqual([]);
    expect(attribute('src')).toEqual([]);
    for (const [, all] of pages) {
      for (const { attributes } of all) {
        expect(Object.keys(attributes).filter((name) => /^on/i.test(name))).toEqual([]);
        expect(attributes['href'] ?? '').not.toMatch(/^javascript:/i);
      }
    }
    for (const style of named('style')) expect(textOf(style)).not.toMatch(/@import|url\(/);
  });

  test('show captured text as text', () => {
    for (const { name, markup } of files) {
      const isProgram = ['walk.html', 'judge.html', 'search.html'].includes(name);
      expect(markup.match(/<script/g)?.length ?? 0).toBe(isProgram ? 1 : 0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is the point
      expect(markup).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    }
    expect(textAt('trace-t-a.html')).toContain(`"><script>alert('x')</script>&amp;`);
  });

  test('are small: none has more than 400 kB', () => {
    // The search has the text of all others in it.
    const all = files.filter(({ name }) => name !== 'search.html');
    expect(all.filter(({ markup }) => markup.length > 400_000).map(({ name }) => name)).toEqual([]);
  });

  test('are the same for the same content', () => {
    expect(siteFiles(content)).toEqual(files);
    for (const { markup } of siteFiles({ ...content, hasApi: false })) {
      expect(markup).not.toContain('api/index.html');
    }
  });

  test('show texts that are written by hand: markup in them as text, links where they lead', () => {
    const guide = siteFiles({
      ...content,
      documents: new Map([...content.documents, ['README.md', README]]),
    }).find(({ name }) => name === 'guide.html');
    const markup = guide?.markup ?? '';
    expect(markup).toContain('&lt;b onclick=&quot;x()&quot;&gt;markup');
    expect(markup).not.toContain('javascript:');
    expect(markup).not.toContain('nowhere');
    expect(markup).toContain('href="sharding.html#a"');
    expect(markup).toContain('href="settings.html#setting-bump"');
  });
});

describe('how they can be read', () => {
  test('no heading is left out between two levels', () => {
    for (const [file, all] of pages) {
      const levels = all.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name.slice(1))] : []));
      levels.forEach((level, at) => {
        expect(level, file).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
      });
    }
  });

  test('quiet text and links can be told from the ground, by light and by dark', () => {
    const [, light = '', dark = ''] = /^(.*?)prefers-color-scheme:dark(.*?)\}\}/s.exec(style) ?? [];
    for (const scheme of [light, dark]) {
      const colour = (name: string): string => new RegExp(`--${name}:(#[0-9a-f]+)`).exec(scheme)?.[1] ?? '';
      for (const ground of ['ground', 'panel'])
        for (const ink of ['ink', 'quiet', 'link'])
          expect(contrast(colour(ink), colour(ground)), `${ink} on ${ground}`).toBeGreaterThan(4.5);
    }
    // The mark beside a heading is quiet text, and no paler than that.
    expect(style).not.toMatch(/\.anchor\{[^}]*opacity/);
  });

  test('what is looked for is found where it is told of', () => {
    const markup = files.find(({ name }) => name === 'search.html')?.markup ?? '';
    const index = JSON.parse(/const INDEX=(.*);\n/.exec(markup)?.[1] ?? '[]') as readonly SearchEntry[];
    const hrefs = index.map(({ href }) => href);
    expect(new Set(hrefs).size).toBe(hrefs.length);
    for (const { id } of [...catalogue, ...properties]) expect(hrefs).toContain(`${id}.html`);
    for (const href of [
      'findings.html#F-01',
      'clauses.html#5.1-4',
      'glossary.html',
      'settings.html#setting-bump',
    ])
      expect(hrefs).toContain(href);
    expect(index.find(({ href }) => href === 'findings.html#F-01')?.title).toMatch(/^F-01: /);
    for (const { href } of index) {
      const [page = '', id] = href.split('#');
      expect(id === undefined || attributeOf(elements(page), 'id').includes(id), href).toBe(true);
    }
  });
});

/** As WCAG 2 reckons it. */
function contrast(one: string, other: string): number {
  const luminance = (colour: string): number => {
    const digits =
      colour.length === 4 ? [...colour.slice(1)].map((digit) => digit + digit).join('') : colour.slice(1);
    const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
      const value = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

describe('what they say', () => {
  test('of a rule: text, function, properties, proofs, traces, tests', () => {
    const said = textAt('RFC6311-5.1-M1-FRESH.html');
    for (const part of [
      'M1 is above every value known to have been used',
      'RFC 6311, section 5.1',
      'newly active member',
      'the clause was read in the published text; wording ours',
      'Math.max(sa.expectedSend, sa.m1Sent + 1)',
      'counters-never-regress',
      'message-id-monotonicity (failover: M1-ABOVE-USED',
      't/a.pcap (frame 9)',
      'model/rfc6311/5.1-message-id-sync.test.ts:',
    ]) {
      expect(said).toContain(part);
    }
  });

  test('of a rule: what breaks without it, as recorded, with a chart that was computed', () => {
    const page = `${EXAMPLE}.html`;
    expect(content.examples.length).toBe(1);
    expect(elements(page).filter(({ name }) => name === 'svg').length).toBe(1);
    const said = textAt(page, 'without');
    for (const [scenario, cell] of Object.entries(content.ablation['rfc6311']?.[EXAMPLE] ?? {})) {
      expect(said).toContain(scenario);
      if (cell !== 'not used') expect(said).toContain(cell);
    }
    expect(said).toContain(`npx ipsecha check rfc6311 --without ${EXAMPLE} --scenario `);
  });

  test('of the record: a row for every rule that can be left out', () => {
    const ids = attributeOf(elements('ablation.html'), 'id');
    for (const rules of Object.values(content.ablation)) {
      for (const rule of Object.keys(rules)) expect(ids).toContain(`without-${rule}`);
    }
  });

  test('of a check: a chart for each counterexample, none for what holds', () => {
    for (const { revision, scenario, properties: checked } of content.overview.checks) {
      const page = `check-${revision}-${scenario}.html`;
      const broken = checked.filter((each) => each.counterexample);
      expect(elements(page).filter(({ name }) => name === 'svg').length).toBe(broken.length);
    }
    // With a peer that only drops stale sync requests, that one property does not hold.
    const broken = textAt('check-rfc6311-single-failover.html').match(/^Violated(.*)$/m)?.[1];
    expect(broken).toBe('recovery-fair');
    const said = textAt('check-ikev2-single-failover.html', 'counterexample-message-id-monotonicity');
    expect(said).toContain('member B');
  });

  test('of all checks: a matrix with the length of each counterexample', () => {
    const [ikev2Check] = content.overview.checks;
    const monotonicity = ikev2Check?.properties.find(({ id }) => id === 'message-id-monotonicity');
    const cells = elements('checks.html').filter(
      ({ attributes }) =>
        attributes['href'] === 'check-ikev2-single-failover.html#counterexample-message-id-monotonicity',
    );
    expect(cells.map(textOf)).toEqual([String(monotonicity?.counterexample?.depth)]);
  });

  test('of each finding of docs/findings.md: its sentence, its command, its bounds', () => {
    const text = content.documents.get('docs/findings.md') ?? '';
    const said = textAt('findings.html').replace(/\s+/g, ' ');
    const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, heading = '']) =>
      heading.replaceAll('`', ''),
    );
    expect(headings.length).toBeGreaterThan(20);
    for (const heading of headings) expect(said).toContain(heading);
    const commands = [...text.matchAll(/^\$ (ipsecha .+)\nwith (.+)$/gm)];
    expect(commands.length).toBeGreaterThan(20);
    for (const [, command = '', bounds = ''] of commands) {
      expect(said).toContain(`npx ${command}`);
      expect(said).toContain(bounds);
    }
  });

  test('of each finding: its permanent id as an anchor, and the run that shows it', () => {
    const page = elements('findings.html');
    const ids = [...(content.documents.get('docs/findings.md') ?? '').matchAll(/^### (F-\d+): /gm)].map(
      ([, id]) => id,
    );
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(attributeOf(page, 'id')).toContain(id);
    expect(textAt('findings.html', 'F-01')).toContain('The run that shows it: message-id-monotonicity');
    expect(textAt('findings.html', 'F-01')).toContain('member B');
    expect(attributeOf(elements('index.html'), 'href')).toContain('findings.html#F-01');
    expect(attributeOf(elements('questions.html'), 'id')).toContain('Q-01');
  });

  test('of each example of the text: its chart, and what each reading makes of it', () => {
    const page = elements('examples.html');
    expect(page.filter(({ name }) => name === 'svg')).toHaveLength(textExamples.length);
    for (const { id, says } of textExamples) expect(textAt('examples.html', id)).toContain(says);
    const said = textAt('examples.html', 'A.2');
    expect(said).toContain('As printed under');
    expect(said).toContain('m1-compare=earlier-syncs');
    expect(said).toContain('sync response P2=4 M2=5');
    expect(said).toContain('M1 2 is not above the highest value seen, 4');
    expect(said).toContain('M1 2 is below the Message ID expected next, 5');
    expect(attributeOf(page, 'href')).toContain('RFC6311-5.1-DROP-STALE.html');
    // The finding that rests on it draws it, too.
    const finding = textAt('findings.html', 'F-45');
    expect(finding).toContain('RFC 6311, A.2');
    expect(finding).toContain('sync response P2=4 M2=5');
  });

  test('of runs: a link that opens each in the walk, at its step', () => {
    const walks = (page: string): readonly WalkAddress[] =>
      attributeOf(elements(page), 'href').flatMap((href) => {
        const address = href.startsWith('walk.html#') ? addressOf(href.slice('walk.html#'.length)) : null;
        return address === null || 'wrong' in address ? [] : [address];
      });
    expect(walks('findings.html')).toContainEqual({
      revision: 'ikev2',
      scenario: 'single-failover',
      size: 'small',
      set: [],
      without: [],
      property: 'message-id-monotonicity',
      start: 0,
      steps: ['request.A', 'failover.A.B', 'request.B'],
      at: 3,
    });
    // Of every command on a shipped revision what it explores; of a run without end, where it begins to go round.
    expect(walks('findings.html').length).toBeGreaterThan(40);
    expect(walks(`${EXAMPLE}.html`).map(({ without }) => without)).toContainEqual([EXAMPLE]);
    // The bounds that were explored are those of the link, not those of the scenario.
    const ofCheck = walks('check-rfc6311-single-failover.html');
    expect(ofCheck.find(({ steps }) => steps.length > 0)).toMatchObject({
      set: ['requests=2'],
      property: 'recovery-fair',
      loop: expect.any(Number),
    });
    for (const { id } of [...catalogue, ...properties]) {
      const saysWhyNot = /Walk\s*(?:no revision has it|it is judged on traces only)/.test(
        textAt(`${id}.html`),
      );
      expect(walks(`${id}.html`).length > 0 || saysWhyNot, id).toBe(true);
    }
    expect(walks('examples.html')).toHaveLength(textExamples.length);
  });

  test('of a rule: the findings that name it, by its short id or by its bullet as well', () => {
    const findingsOf = (rule: string): readonly string[] =>
      attributeOf(elements(`${rule}.html`), 'href')
        .filter((href) => href.startsWith('findings.html#'))
        .map((href) => href.slice('findings.html#'.length));
    // F-11 and F-24 by the short id, F-45 by "5.1, bullet 4" in its heading.
    expect(findingsOf('RFC6311-5.1-DROP-STALE')).toEqual(expect.arrayContaining(['F-11', 'F-24', 'F-45']));
    expect(findingsOf('RFC6311-5.1-P1')).toEqual(expect.arrayContaining(['F-28', 'F-52']));
    expect(findingsOf('RFC7296-2.1-RETRANSMISSION')).toEqual(expect.arrayContaining(['F-42']));
    // The long list of what is needed for nothing says little of each rule in it.
    expect(findingsOf('RFC6311-5.2-NO-CYCLE')).toEqual([]);
  });

  test('of a rule: what was wrong under its id, where something was', () => {
    const adopt = catalogue.find(({ id }) => id === 'RFC6311-5.1-ADOPT');
    expect(adopt?.formerly).toContain('takes over M2 and P2 as they come');
    expect(textAt('RFC6311-5.1-ADOPT.html', 'text')).toContain(`${adopt?.formerly}`);
    expect(textAt('RFC6311-5.1-NONCE-ECHO.html', 'text')).not.toContain('Wrong under this id');
  });

  test('of a finding where nothing breaks: a run to see it by', () => {
    const said = textAt('findings.html', 'F-04');
    expect(said).toContain('Nothing breaks. A run to see it by: up to a step of RFC7296-2.1-RESPONSE-MATCH');
    expect(said).toContain('takes over');
  });

  test('of each clause: an anchor that can be cited, its text, its rules or why it has none', () => {
    const page = elements('clauses.html');
    const ids = attributeOf(page, 'id');
    for (const clause of clauses) {
      const { document, id } = clause;
      const anchor = document === 'RFC6311' ? id : `${document}-${id}`;
      expect(ids).toContain(anchor);
      const said = textAt('clauses.html', anchor);
      expect(said).toContain(clause.says);
      expect(said).toContain(clause.level);
      for (const part of isModelled(clause) ? clause.by : [clause.notModelled]) expect(said).toContain(part);
    }
    expect(attributeOf(page, 'href')).toContain('https://www.rfc-editor.org/rfc/rfc6311#section-5.1');
    // A section that prints an example leads to it; slides have no section here.
    for (const { id, link } of textExamples)
      if (link !== null) expect(attributeOf(page, 'href')).toContain(`examples.html#${id}`);
    expect(attributeOf(elements(`${EXAMPLE}.html`), 'href')).toContain('clauses.html#5.1-4');
    expect(textAt(`${EXAMPLE}.html`, 'text')).toContain('RFC 6311, 5.1-4');
  });

  test('of a trace: verdict, what was expected, findings with what was allowed', () => {
    expect(textAt('traces.html')).toContain('✗ violates');
    expect(textAt('traces.html')).toContain('no, expected: conformant');
    expect(textAt('trace-t-a.html')).toContain('9, 11');
    expect(textAt('trace-t-a.html')).toContain('event 12');
  });

  test('of what is proved: property by revision, and what fails without each rule', () => {
    const said = textAt('proofs.html', 'proof-message-id-monotonicity');
    expect(said).toContain('✓ proved, if BUMP-COVERS-LAG');
    expect(said).toContain('✗ refuted: npx ipsecha check ikev2');
    expect(textAt('proofs.html', 'proof-recovery-fair')).toContain('open: ');
    expect(textAt('proofs.html', 'proved')).toContain('proofs/certificates/rfc6311.json');
    expect(textAt('sync-request-once.html')).toContain('rfc6311: ✓ proved');
    expect(textAt(`${EXAMPLE}.html`)).toContain('sync-request-once (sync-request to the peer: the property');
  });

  test('of surprises, if there are any', () => {
    expect(textAt('index.html', 'top')).toContain('Not as expected');
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
