/** The verdicts of the explorer: a matrix, the figures behind it, and each counterexample as a chart. */
import type { CheckedProperty, CheckResult } from '../../check/check.ts';
import { boundsText } from '../bounds.ts';
import { chartSvg } from '../chart/draw.ts';
import { counterexampleChart } from '../counterexample.ts';
import { ANCHOR, link, listed, propertyLink, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING, type Piece, trusted } from './html.ts';
import { badge, count, section, table } from './parts.ts';

export const checksSection = ({ overview: { checks } }: SiteContent): Piece =>
  section(
    'checks',
    'Checks',
    html`<p>Every reachable state of every revision in every scenario (small size), visited when this page was made.
A broken property comes with a shortest counterexample; its number of steps is in brackets. A revision without
counter sync cannot break what is said of sync messages. To check it again:
<code>npx ipsecha check REVISION --scenario NAME</code>.</p>
`,
    matrix(checks),
    figures(checks),
    html`<h3>Counterexamples</h3>
<p>The last thing that happens is what breaks the property. Small numbers at the left are steps, those in brackets
are messages; an arrow in two halves is one message that arrives later.</p>
`,
    checks.map(counterexamples),
  );

/** A row for each property, a column for each revision and scenario. */
function matrix(checks: readonly CheckResult[]): Piece {
  const ids = [...new Set(checks.flatMap(({ properties }) => properties.map(({ id }) => id)))];
  return table(
    'Verdicts by property, revision and scenario',
    ['Property', ...checks.map(({ revision, scenario }) => html`${revision}<br><small>${scenario}</small>`)],
    ids.map((id) => [
      propertyLink(id),
      ...checks.map((result) =>
        verdictOf(
          result,
          result.properties.find((each) => each.id === id),
        ),
      ),
    ]),
    'matrix',
  );
}

function verdictOf(result: CheckResult, property: CheckedProperty | undefined): Piece {
  if (property === undefined) return html`<span class="quiet">not checked</span>`;
  const { id, verdict, counterexample } = property;
  return counterexample === undefined
    ? badge(verdict)
    : link(
        ANCHOR.counterexample(result.revision, result.scenario, id),
        badge(verdict, ` (${counterexample.depth})`),
      );
}

const figures = (checks: readonly CheckResult[]): Piece =>
  table(
    'How much was visited',
    ['Revision', 'Scenario', 'Verdict', 'States', 'Transitions', 'Depth', 'All visited', 'Never occurred'],
    checks.map(({ revision, scenario, verdict, statistics, neverOccurred }) => [
      link(ANCHOR.revision(revision), revision),
      link(ANCHOR.scenario(scenario), scenario),
      badge(verdict),
      number(statistics.states),
      number(statistics.transitions),
      number(statistics.depth),
      statistics.complete ? 'yes' : 'no',
      listed(neverOccurred.map(ruleLink), 'nothing'),
    ]),
  );

const number = (value: number): Piece => html`<span class="number">${value.toLocaleString('en')}</span>`;

const counterexamples = (result: CheckResult): Piece =>
  result.properties.map(({ id, counterexample }): Piece => {
    if (counterexample === undefined) return NOTHING;
    const { revision, scenario, places, bounds } = result;
    const title = `${revision}, ${scenario}: shortest counterexample to ${id}`;
    const chart = chartSvg(counterexampleChart(counterexample, places, id, title));
    return html`<details>
<summary><b>${revision}</b>, ${scenario}: <code>${id}</code> <span class="quiet">${count(counterexample.depth, 'step')}</span></summary>
<div class="scroll chart" id="${ANCHOR.counterexample(revision, scenario, id)}" role="region" aria-label="${title}" tabindex="0">
${trusted(chart)}</div>
<p class="quiet">${boundsText(bounds)}</p>
</details>
`;
  });
