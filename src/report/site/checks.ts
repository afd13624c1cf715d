/** The verdicts of the explorer: a matrix and the figures behind it; and of each revision its counterexamples. */
import type { CheckedProperty, CheckResult } from '../../questions/check.ts';
import { walkOf } from '../../questions/walk-of.ts';
import { boundsText } from '../bounds.ts';
import { counterexampleChart } from '../counterexample.ts';
import { ANCHOR, type Anchor, link, listed, PAGE, propertyLink, ruleLink, scenarioLink } from './anchors.ts';
import { chartPiece } from './chart.ts';
import type { Draft, SiteContent } from './content.ts';
import { html, NOTHING, type Piece } from './html.ts';
import { propertyMatrix, summaryMatrix } from './matrix.ts';
import type { Page } from './page.ts';
import { article, badge, command, count, facts, number, section, table } from './parts.ts';
import { walkLink } from './walk.ts';

const at = (id: string): Anchor => ({ page: PAGE.checks, id });

export function checksPage({ overview: { checks } }: SiteContent): Page {
  const sections: readonly (readonly [Anchor, string, Piece])[] = [
    [at('summary'), 'By scenario', summaryMatrix(checks)],
    [at('matrix'), 'By property', propertyMatrix(checks)],
    [at('figures'), 'How much was visited', figures(checks)],
  ];
  return {
    file: PAGE.checks,
    title: 'Checks',
    groups: sections.map(([anchor, title]) => ({ anchor, title, entries: [] })),
    body: html`<p>Every reachable state of every revision in every scenario, at size <code>small</code>, visited when this page
was made. <em>Holds</em> is for the bounds of the scenario and for nothing beyond them. A broken property comes with a
shortest counterexample; each number of steps is a link to its chart. A revision without counter sync cannot break what
is said of sync messages. To check again:</p>
${command('npx ipsecha check REVISION --scenario SCENARIO')}
${sections.map(([anchor, title, piece]) => section(anchor, title, piece))}`,
  };
}

const figures = (checks: readonly CheckResult[]): Piece =>
  table(
    'How much was visited',
    ['Revision', 'Scenario', 'Verdict', 'States', 'Transitions', 'Depth', 'All visited', 'Never occurred'],
    checks.map(({ revision, scenario, verdict, statistics, neverOccurred }) => [
      link(ANCHOR.revision(revision), revision),
      scenarioLink(scenario),
      link(ANCHOR.check(revision, scenario), badge(verdict)),
      number(statistics.states),
      number(statistics.transitions),
      number(statistics.depth),
      statistics.complete ? 'yes' : 'no',
      listed(neverOccurred.map(ruleLink), 'nothing'),
    ]),
    'figures',
  );

/** A page for each revision in each scenario: what was explored, each verdict, each counterexample as a chart. */
export const checkPages = ({ overview, drafts }: SiteContent): readonly Page[] =>
  overview.checks.map((result) =>
    checkPage(
      result,
      drafts.find(({ revision }) => revision.name === result.revision),
    ),
  );

/** @param draft what is checked, if it is none of the shipped ones: no other page knows its rules */
function checkPage(result: CheckResult, draft: Draft | undefined): Page {
  const { revision, scenario, size, bounds, statistics, verdict, properties, neverOccurred } = result;
  const broken = properties.filter((each) => each.counterexample !== undefined);
  const holding = properties.filter((each) => each.verdict === 'holds' && each.because === undefined);
  const empty = properties.filter((each) => each.verdict === 'holds' && each.because !== undefined);
  const doubts = properties.filter((each) => each.verdict === 'inconclusive');
  const names = (some: readonly CheckedProperty[]): Piece =>
    listed(
      some.map(({ id }) => propertyLink(id)),
      'none',
    );
  const { page: file } = ANCHOR.check(revision, scenario);
  return {
    file,
    parent: PAGE.checks,
    title: `${revision}, ${scenario}`,
    groups: broken.map(({ id }) => ({
      anchor: ANCHOR.counterexample(revision, scenario, id),
      title: id,
      entries: [],
    })),
    body: html`<p>${badge(verdict)} Revision ${link(ANCHOR.revision(revision), revision)} in scenario ${scenarioLink(scenario)}, size <code>${size}</code>:
${count(statistics.states, 'state')}, ${count(statistics.transitions, 'transition')}, depth ${statistics.depth};
${statistics.complete ? 'every reachable state was visited' : 'not every reachable state was visited'}.</p>
${command(`npx ipsecha check ${draft?.file ?? revision} --scenario ${scenario}`)}
<p>Bounds: <code>${boundsText(bounds)}</code></p>
${
  draft === undefined
    ? html`<p>${walkLink({ revision, scenario }, 'Walk in this scenario, or check it in your browser')}</p>
`
    : NOTHING
}${facts([
  ['Violated', names(broken)],
  ['Holds', names(holding)],
  ['Nothing to break', names(empty)],
  ...doubts.map(
    ({ id, because }) =>
      ['Inconclusive', html`${propertyLink(id)}: ${because ?? 'no reason was told'}`] as const,
  ),
  [
    'Never occurred',
    listed(neverOccurred.map(ruleLink), 'nothing: every rule and kind of step came into play'),
  ],
])}
${
  broken.length === 0
    ? NOTHING
    : html`<p>In a counterexample, the last thing that happens is what breaks the property, and there is no shorter one. Small
numbers at the left are steps, those in brackets are messages; an arrow in two halves is one message that arrives
later.</p>
<h2>Counterexamples</h2>
`
}${broken.map((property) => counterexample(result, property, draft))}`,
  };
}

function counterexample(result: CheckResult, property: CheckedProperty, draft: Draft | undefined): Piece {
  const { revision, scenario, places } = result;
  const { id, counterexample: found, because } = property;
  if (found === undefined) return NOTHING;
  const title = `${revision}, ${scenario}: shortest counterexample to ${id}`;
  const anchor = ANCHOR.counterexample(revision, scenario, id);
  const walk = walkOf(result, property);
  return article(
    anchor,
    propertyLink(id),
    html`<p>${badge('violated', ` in ${count(found.depth, 'step')}`)} ${because ?? found.because}.</p>
`,
    chartPiece(title, counterexampleChart(found, places, id, title)),
    html`<p class="try">${walk === undefined ? NOTHING : html`${walkLink(walk, 'Walk this run step by step')}. `}Again: <code>npx ipsecha check ${draft?.file ?? revision} --scenario ${scenario} --property ${id}</code></p>
`,
  );
}
