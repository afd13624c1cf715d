import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { settingsFor } from '../../../model/index.ts';
import { check, revisionNamed, scenarioNamed, settingsWith, withoutRule } from '../../questions/check.ts';
import { judgePage } from '../../report/site/judge.ts';
import { pageMarkup } from '../../report/site/page.ts';
import { searchPage } from '../../report/site/search.ts';
import { type WalkLink, walkHref, walkPage } from '../../report/site/walk.ts';
import { verdictSections } from '../../report/validation-html.ts';
import { validateTogether } from '../../traces/validate-together.ts';
import { programOf } from '../bundle.ts';
import { chromiumPath } from '../testing/chromium.ts';

/** The third step of what F-01 shows. */
const RUN = {
  revision: 'ikev2',
  scenario: 'single-failover',
  property: 'message-id-monotonicity',
  steps: ['request.A', 'failover.A.B', 'request.B'],
  at: 3,
} as const;

let folder: string;
let markup: string;
let judgeMarkup: string;
let browser: Browser;
const wrong: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ipsecha-walk-'));
  const page = walkPage(await programOf('walk'));
  const edition = { version: '0', description: 'test', authors: 'nobody', isChanged: false };
  const content = { edition, hasApi: false };
  markup = pageMarkup(page, [page], content);
  await writeFile(join(folder, 'walk.html'), markup);
  const judge = judgePage(await programOf('judge'));
  judgeMarkup = pageMarkup(judge, [judge], content);
  await writeFile(join(folder, 'judge.html'), judgeMarkup);
  const search = searchPage(await programOf('search'), [
    { href: 'a.html', title: 'A', page: '', text: 'what a </script> does to M1' },
    { href: 'findings.html#F-02', title: 'F-02: a request', page: 'Findings', text: 'of nothing' },
    { href: 'm1.html', title: 'M1', page: '', text: 'a number' },
  ]);
  await writeFile(join(folder, 'search.html'), pageMarkup(search, [search], content));
  const executablePath = chromiumPath();
  if (executablePath === undefined) throw new Error('there is no chromium: apt-get install chromium');
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true });
  expect(wrong).toEqual([]);
});

/** The page at a run, from a file: as one opens it who has no web host. */
async function opened(
  walk: WalkLink | undefined,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<Page> {
  const page = await openedAt(walk === undefined ? 'walk.html' : walkHref(walk), options);
  await page.waitForSelector('#list li');
  return page;
}

/** A page by its address in the folder. */
async function openedAt(address: string, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, ...options });
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') wrong.push(message.text());
  });
  page.on('pageerror', (error) => wrong.push(error.message));
  page.on('request', (request) => {
    if (!/^(?:file|blob):/.test(request.url())) wrong.push(`asks for ${request.url()}`);
  });
  await page.goto(`${pathToFileURL(folder).href}/${address}`);
  return page;
}

const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).innerText()).replace(/\s+/g, ' ');

/** The verdicts that the page shows: property, verdict, steps. */
const verdictsIn = async (page: Page): Promise<readonly (readonly string[])[]> => {
  await page.click('[data-key=check]');
  await page.waitForSelector('table.verdicts', { timeout: 60_000 });
  return page
    .locator('table.verdicts tbody tr')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td')].map((cell) => cell.innerText.replace(/[✓✗?▸]/g, '').trim()),
      ),
    );
};

test('is one small file, that asks for nothing beside itself', async () => {
  expect(gzipSync(markup).length).toBeLessThan(400_000);
  const page = await opened(undefined);
  expect(await page.locator('#list li').count()).toBe(1);
  await page.close();
});

describe('the verdicts are those of the command line', () => {
  const checks: readonly (readonly [name: string, walk: WalkLink])[] = [
    ['ikev2 single-failover', {}],
    ['ikev2 single-failover', { set: ['network=reliable', 'requests=1'] }],
    ['ikev2 packets-multiple-failover', {}],
    ['ipsecha-00 message-id-only', { set: ['requests=1'] }],
    ['ipsecha-01 single-failover', { set: ['requests=1'] }],
    ['ipsecha-01 packets-multiple-failover', {}],
    ['rfc6311 single-failover', { set: ['requests=1', 'bump=0'] }],
    ['rfc6311 single-failover', { set: ['requests=1'], without: ['RFC6311-5.1-DROP-STALE'] }],
    ['rfc6311 packets-multiple-failover', {}],
    ['rfc6311 replay', { set: ['requests=1'] }],
  ].map(([name, rest]) => {
    const [revision = '', scenario = ''] = String(name).split(' ');
    return [String(name), { revision, scenario, ...(rest as object) }] as const;
  });

  test.each(checks)('%s %o', async (_, walk) => {
    const page = await opened(walk);
    const shown = await verdictsIn(page);
    const named = revisionNamed(walk.revision);
    const scenario = scenarioNamed(walk.scenario);
    const result = await check({
      revision: (walk.without ?? []).reduce(withoutRule, named),
      scenario,
      size: 'small',
      settings: settingsWith(settingsFor(scenario, 'small', named), walk.set ?? [], named),
    });
    expect(shown).toEqual(
      result.properties.map(({ id, verdict, because, counterexample }) => [
        id,
        verdict,
        String(counterexample?.depth ?? ''),
        because ?? '',
      ]),
    );
    const { states, transitions } = result.statistics;
    expect(await textOf(page, '#verdicts')).toContain(
      `${states.toLocaleString('en')} states, ${transitions.toLocaleString('en')} transitions`,
    );
    await page.close();
  });
});

describe('a run', () => {
  test('opens at its step, and is walked by the arrow keys', async () => {
    const page = await opened(RUN);
    expect(await textOf(page, '#step')).toContain('3. Member B sends (2) request 0 b');
    expect(await textOf(page, '#step')).toContain('breaks message-id-monotonicity');
    expect(await textOf(page, '#rules')).toContain('RFC7296-2.2-NEXT-ID');
    expect(await page.locator('#state .changed').count()).toBeGreaterThan(0);
    expect(await page.locator('#chart .band.here').getAttribute('data-step')).toBe('3');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(page, '#step')).toBe('2. Member A fails, and member B takes over');
    expect(page.url()).toContain('&at=2');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    expect(await textOf(page, '#step')).toContain('Beginning');
    await page.keyboard.press('ArrowRight');
    expect(await page.locator('#list [aria-current=step]').innerText()).toBe(
      'Member A sends (1) request 0 a',
    );
    await page.close();
  });

  test('is left for another step, which the address has, and the way back leads to it again', async () => {
    const page = await opened({ ...RUN, at: 2 });
    const other = page.locator('#next button', { hasText: 'Member B copies its state to member A' });
    await other
      .or(page.locator('#instead button', { hasText: 'Member A copies its state' }))
      .first()
      .click();
    await page.waitForURL(/steps=request\.A,state-sync/);
    expect(await textOf(page, '#step')).toContain('Member A copies its state to member B');
    expect(await page.locator('#instead button', { hasText: 'Member A fails' }).count()).toBe(1);
    const url = page.url();
    await page.goBack();
    await page.waitForFunction(() => document.querySelector('#step')?.textContent?.includes('fails'));
    await page.goto(url);
    await page.waitForFunction(() => document.querySelector('#step')?.textContent?.includes('copies'));
    await page.close();
  });

  test('goes on by the shortest way to a violation, or back in step', async () => {
    const page = await opened({ ...RUN, property: 'message-id-monotonicity', steps: ['request.A'], at: 1 });
    await page.click('[data-key=find-violation]');
    await page.waitForURL(/steps=request\.A,failover\.A\.B,request\.B/);
    expect(await textOf(page, '#found')).toContain('Found: 2 more steps');
    expect(await page.locator('#list li').count()).toBe(4);
    await page.click('[data-key=find-in-step]');
    await page.waitForURL(/receive/);
    await page.keyboard.press('ArrowRight');
    await page.locator('[data-key=last]').click();
    expect(await textOf(page, '#find')).toContain('The two ends are in step here.');
    await page.close();
    const stuck = await opened({ revision: 'ikev2', scenario: 'single-failover', set: ['requests=1'] });
    await verdictsIn(stuck);
    await stuck.click('[data-key=open-recovery-possible]');
    await stuck.waitForURL(/property=recovery-possible/);
    await stuck.click('[data-key=find-in-step]');
    await stuck.waitForFunction(() => document.querySelector('#found')?.textContent?.includes('no way'));
    await stuck.close();
  });

  test('of an address that is wrong is told in words', async () => {
    const page = await opened({ ...RUN, steps: ['request.A', 'receive.B.1', 'request.B'] });
    expect(await textOf(page, '#problem')).toContain('Step 2 of 3, receive.B.1, is not possible here');
    expect(await page.locator('#list li').count()).toBe(2);
    expect(page.url()).toMatch(/steps=request\.A&at=1$/);
    for (const [walk, said] of [
      [{ revision: 'nobody', scenario: 'replay' }, "unknown revision 'nobody'"],
      [{ revision: 'rfc6311', scenario: 'replay', set: ['bump=x'] }, "setting 'bump' cannot be 'x'"],
      [{ revision: 'ikev2', scenario: 'replay', without: ['RFC6311-5.1-P1'] }, 'cannot be checked without'],
    ] as const) {
      await page.goto(`${page.url().split('#')[0]}#${walkHref(walk).split('#')[1]}`);
      await page.waitForFunction(
        (text) => document.querySelector('#problem')?.textContent?.includes(text),
        said,
      );
    }
    await page.close();
  });

  test('goes as far without a rule as it is possible', async () => {
    const page = await opened({
      revision: 'rfc6311',
      scenario: 'single-failover',
      steps: ['request.A', 'failover.A.B', 'receive.peer.2'],
      at: 3,
    });
    const without = page.locator('#rules button').first();
    await without.click();
    await page.waitForURL(/without=RFC/);
    expect(await textOf(page, '#subject')).toContain('Left out: RFC');
    await page.close();
  });

  test('goes beside another revision, to where they part', async () => {
    const page = await opened({
      revision: 'ipsecha-01',
      scenario: 'single-failover',
      steps: ['request.A', 'failover.A.B', 'receive.peer.2'],
      at: 3,
      other: { revision: 'rfc6311', set: [], without: [] },
    });
    expect(await textOf(page, '#other-about')).toContain(
      'the first difference is in step 2. Here: Member A fails, and member B takes over and sends (2) sync request M1=3 P1=0. All these steps are possible.',
    );
    await page.selectOption('#beside', 'ikev2');
    await page.waitForURL(/other=ikev2/);
    await page.waitForFunction(() => document.querySelector('#other-about')?.textContent?.includes('ikev2'));
    expect(await textOf(page, '#other-about')).toContain('They part at step 3, which is not possible here.');
    expect(await textOf(page, '#other-about')).toContain('Member B sends (2) request 0 b');
    await page.click('[data-key=pin]');
    await page.waitForFunction(() =>
      document.querySelector('#other-about')?.textContent?.includes('each does the same'),
    );
    await page.selectOption('#beside', 'nothing');
    await page.waitForFunction(() => document.querySelector<HTMLElement>('#other')?.hidden);
    await page.close();
  });

  test('of a revision of one’s own, given as text', async () => {
    const page = await opened({ revision: 'rfc6311', scenario: 'single-failover', set: ['requests=1'] });
    await page.click('#own summary');
    await page.fill(
      '#own-text',
      "import { rfc6311 } from 'ipsecha/model'; export default { ...rfc6311, name: 'mine', counterSnc: 1 };",
    );
    await page.click('[data-key=take]');
    await page.waitForSelector('#own-said .bad-text');
    expect(await textOf(page, '#own-said')).toContain(
      "a revision has no 'counterSnc'; did you mean counterSync?",
    );
    await page.fill(
      '#own-text',
      `import { type Revision, rfc6311 } from 'ipsecha/model';
       export default { ...rfc6311, name: 'mine', counterSync: { ...rfc6311.counterSync!, isStale: () => false } } satisfies Revision;`,
    );
    await page.click('[data-key=take]');
    await page.waitForSelector('#own-said .badge');
    await page.waitForURL(/revision=mine&scenario=single-failover&set=requests=1/);
    const shown = await verdictsIn(page);
    expect(shown.find(([id]) => id === 'sync-request-once')?.[1]).toBe('violated');
    expect(shown.filter(([, verdict]) => verdict === 'holds')).toEqual([]);
    await page.click('[data-key=open-sync-request-once]');
    await page.waitForFunction(() =>
      document.querySelector('#step')?.textContent?.includes('breaks sync-request-once'),
    );
    expect(await textOf(page, '#rules')).toContain('RFC6311');
    await page.close();
  });

  test('a check can be stopped, and then nothing is said to hold', async () => {
    const page = await opened({ revision: 'rfc6311', scenario: 'multiple-failover', size: 'large' });
    await page.click('[data-key=check]');
    await page.waitForFunction(() =>
      /states, depth/.test(document.querySelector('#progress')?.textContent ?? ''),
    );
    await page.click('[data-key=stop]');
    await page.waitForSelector('table.verdicts');
    const said = await textOf(page, '#verdicts');
    expect(said).toContain('not every reachable state was visited');
    expect(said).not.toMatch(/✓/);
    expect(said).toContain('inconclusive');
    await page.close();
  });
});

describe('captures that are given to the page', () => {
  const trace = (file: string): string => fileURLToPath(new URL(`../../../traces/${file}`, import.meta.url));

  test('the page is small', () => {
    expect(gzipSync(judgeMarkup).length).toBeLessThan(400_000);
  });

  test.each([
    ['baseline', ['capture.pcap'], ['keys.csv', 'esp_keys.csv'], false],
    ['3des-sha1', ['capture.pcap'], ['keys.csv', 'esp_keys.csv'], true],
    ['scripted-gcm-broken', ['capture.pcap'], ['keys.csv'], false],
    ['failover-naive', ['capture.pcap'], ['keys.csv', 'esp_keys.csv'], true],
    ['three-failovers', ['capture.pcap', 'capture-clu.pcap', 'peer.log'], ['keys.csv'], false],
    ['ipv6-fragments', ['capture.pcap'], [], false],
  ])(
    '%s: verdict, findings and charts are those of the command line',
    async (name, files, keyFiles, complete) => {
      const paths = (names: readonly string[]): readonly string[] =>
        names.map((each) => trace(`${name}/${each}`));
      const page = await openedAt('judge.html');
      if (complete) await page.check('#complete');
      await page.setInputFiles('#traces', [...paths(files)]);
      await page.setInputFiles('#keys', [...paths(keyFiles)]);
      await page.click('#judge');
      await page.waitForSelector('#verdicts section', { timeout: 60_000 });
      // Nothing lies beside a capture that is given to a page.
      const results = await validateTogether(paths(files), {
        keys: keyFiles.length === 0 ? [trace('no-keys.csv')] : paths(keyFiles),
        complete,
      });
      expect(results.length).toBeGreaterThan(0);
      const byName = results.map(({ validation, around }) => ({
        around,
        validation: JSON.parse(
          JSON.stringify(validation).replaceAll(trace(`${name}/`), ''),
        ) as typeof validation,
      }));
      const expected = verdictSections(byName).markup;
      const [shown, wanted] = await page.evaluate((text) => {
        const element = document.createElement('div');
        element.innerHTML = text;
        return [document.querySelector('#verdicts')?.innerHTML, element.innerHTML];
      }, expected);
      expect(shown).toBe(wanted);
      await page.close();
    },
  );

  test('are dropped with their keys, and gone through event by event', async () => {
    const page = await openedAt('judge.html');
    const contents = Object.fromEntries(
      await Promise.all(
        ['capture.pcap', 'keys.csv'].map(
          async (name) =>
            [name, (await readFile(trace(`scripted-gcm-broken/${name}`))).toString('base64')] as const,
        ),
      ),
    );
    await page.evaluate((all) => {
      const dropped = new DataTransfer();
      for (const [name, text] of Object.entries(all))
        dropped.items.add(new File([Uint8Array.from(atob(text), (each) => each.charCodeAt(0))], name));
      document.body.dispatchEvent(
        new DragEvent('drop', { dataTransfer: dropped, bubbles: true, cancelable: true }),
      );
    }, contents);
    await page.waitForSelector('#findings .bad-text', { timeout: 60_000 });
    const [result] = await validateTogether([trace('scripted-gcm-broken/capture.pcap')], {
      keys: [trace('scripted-gcm-broken/keys.csv')],
    });
    const { findings, statistics } = result!.validation;
    const [first] = findings;
    expect(await textOf(page, '#bar')).toContain(`Event ${first?.event} of ${statistics.events}`);
    expect(await textOf(page, '#findings')).toContain(first?.rule);
    expect(await page.locator('#chart .band.here').getAttribute('data-step')).toBe(String(first?.event));
    await page.keyboard.press('ArrowLeft');
    await page.waitForFunction(
      (text) => document.querySelector('#bar')?.textContent?.includes(text),
      `Event ${Number(first?.event) - 1} of`,
    );
    await page.click('[data-key=first]');
    await page.waitForFunction(() => document.querySelector('#bar')?.textContent?.includes('Event 1 of'));
    expect(await textOf(page, '#step')).toContain('IKE_SA_INIT');
    await page.close();
  });

  test('what cannot be judged is said as on the command line', async () => {
    const page = await openedAt('judge.html');
    await page.setInputFiles('#traces', {
      name: 'a.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('hello\n'),
    });
    await page.click('#judge');
    await page.waitForSelector('#problem .bad');
    expect(await textOf(page, '#problem')).toMatch(/^a\.txt: /);
    expect(await page.locator('#walk').isHidden()).toBe(true);
    await page.close();
  });

  test('gzip is undone, and what a browser cannot undo is named', async () => {
    const page = await openedAt('judge.html');
    const buffer = gzipSync(await readFile(trace('baseline/capture.pcap')));
    await page.setInputFiles('#traces', { name: 'c.pcap.gz', mimeType: 'application/gzip', buffer });
    await page.click('#judge');
    await page.waitForSelector('#verdicts section');
    expect(await textOf(page, '#verdicts')).toContain('c.pcap.gz');
    const xz = Buffer.from('fd377a585a000004', 'hex');
    await page.setInputFiles('#traces', { name: 'c.pcap.xz', mimeType: 'application/x-xz', buffer: xz });
    await page.click('#judge');
    await page.waitForSelector('#problem .bad');
    expect(await textOf(page, '#problem')).toContain('a browser cannot undo');
    await page.close();
  });
});

test('the search finds what has all the words, titles first, and goes by its address', async () => {
  const page = await opened({ revision: 'ikev2', scenario: 'replay' });
  await page.fill('nav input[name=q]', 'm1');
  await page.keyboard.press('Enter');
  await page.waitForURL(/search\.html\?q=m1$/);
  await page.waitForSelector('#results li');
  const hrefs = (): Promise<(string | null)[]> =>
    page.locator('#results a').evaluateAll((links) => links.map((link) => link.getAttribute('href')));
  expect(await hrefs()).toEqual(['m1.html', 'a.html']);
  expect(await textOf(page, '#results mark')).toBe('M1');
  await page.fill('#query', 'F-02 request');
  expect(await hrefs()).toEqual(['findings.html#F-02']);
  await page.fill('#query', 'nothing like it');
  expect(await textOf(page, '#count')).toBe('0 places');
  await page.close();
});

test.each([
  { name: 'narrow', viewport: { width: 400, height: 800 } },
  { name: 'dark', colorScheme: 'dark' as const },
])('$name: nothing is wider than the page', async ({ name: _, ...options }) => {
  const page = await opened(RUN, options);
  await verdictsIn(page);
  const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(wide).toBeLessThanOrEqual(room ?? 0);
  await page.close();
});
