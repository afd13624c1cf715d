/** Scenarios and settings: what is explored. */
import { type Scenario, scenarios, settingSpecs, shortForms } from '../../../model/index.ts';
import { shortFormSets } from '../../questions/explained.ts';
import { ANCHOR, hrefTo, link, listed, PAGE } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { findingLinks, findingsAbout } from './findings.ts';
import { html, type Piece } from './html.ts';
import { checksOf } from './matrix.ts';
import type { Page } from './page.ts';
import { facts, section, table } from './parts.ts';
import { walkLink } from './walk.ts';

export const scenariosPage = (): Page => ({
  file: PAGE.scenarios,
  title: 'Scenarios',
  groups: scenarios.map(({ name }) => ({ anchor: ANCHOR.scenario(name), title: name, entries: [] })),
  body: html`<p>A scenario bounds what is explored; within it, everything is visited: each message may be lost, late, out
of order, or arrive again. What the text leaves open is a <a href="${PAGE.settings}">setting</a>, so that each reading
can be checked: <code>--set KEY=VALUE</code>.</p>
${table(
  'All scenarios',
  ['Scenario', 'What it is'],
  scenarios.map(({ name, title }) => [link(ANCHOR.scenario(name), html`<code>${name}</code>`), title]),
  'index',
)}`,
});

export const scenarioPages = (content: SiteContent): readonly Page[] =>
  scenarios.map((scenario) => scenarioPage(scenario, content));

function scenarioPage({ name, title, about, sizes }: Scenario, content: SiteContent): Page {
  const at = (id: string) => ({ page: ANCHOR.scenario(name).page, id });
  return {
    file: ANCHOR.scenario(name).page,
    parent: PAGE.scenarios,
    title: name,
    isId: true,
    groups: [
      { anchor: at('verdicts'), title: 'Verdicts', entries: [] },
      { anchor: at('bounds'), title: 'Bounds', entries: [] },
    ],
    body: html`<p class="title">${title}</p>
<p>${about}</p>
<p>${walkLink({ revision: 'rfc6311', scenario: name }, 'Walk in it, or check it in your browser')}</p>
${section(
  at('verdicts'),
  'Verdicts',
  checksOf(content.overview.checks.filter(({ scenario }) => scenario === name)),
  html`<p>Findings: ${listed(findingLinks(findingsAbout(name, content)), 'none speaks of it')}</p>
`,
)}
${section(
  at('bounds'),
  'Bounds',
  html`<p>Each size is a set of bounds. A setting that does not apply to a revision is left out of what is shown beside its
verdicts.</p>
`,
  table(
    `Sizes of ${name}`,
    ['', ...Object.keys(sizes)],
    settingSpecs.map(({ key, field }) => [
      link(ANCHOR.setting(key), html`<code>${key}</code>`),
      ...Object.values(sizes).map((settings) => settings[field]),
    ]),
    'compact',
  ),
)}`,
  };
}

export const settingsPage = (content: SiteContent): Page => ({
  file: PAGE.settings,
  title: 'Settings',
  groups: [],
  body: html`<p>Bounds, and what the texts leave open. Each has a default in every scenario and size.</p>
${table(
  'Settings',
  ['Setting', 'Values', 'Meaning', 'Findings'],
  settingSpecs.map((spec) => {
    const anchor = ANCHOR.setting(spec.key);
    return {
      anchor,
      cells: [
        html`<a href="${hrefTo(anchor)}"><code>${spec.key}</code></a>`,
        spec.values === 'number'
          ? `${spec.least} to ${spec.most}`
          : facts(spec.values.map((value) => [html`<code>${value}</code>`, spec.says[value] ?? ''])),
        spec.meaning,
        listed(settingFindings(spec.key, content), ''),
      ],
    };
  }),
)}
<p>Short forms set several settings at once, on a command line.</p>
${table(
  'Short forms',
  ['Short form', 'Sets', 'Meaning'],
  shortForms.map((form) => ({
    anchor: ANCHOR.setting(form.key),
    cells: [
      html`<code>${form.key}</code>`,
      facts(
        Object.entries(form.values).map(([value, set]) => [
          html`<code>${value}</code>`,
          html`<code>${shortFormSets(set)}</code>`,
        ]),
      ),
      form.meaning,
    ],
  })),
)}`,
});

/** Findings for which the setting was given a value of its own. */
const settingFindings = (key: string, content: SiteContent): readonly Piece[] =>
  findingLinks(
    findingsAbout(key, content).filter(({ runs }) =>
      runs.some(({ command }) => command.includes(` ${key}=`)),
    ),
  );
