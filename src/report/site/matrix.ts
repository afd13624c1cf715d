/** Many verdicts at a glance: by revision and scenario, and by property as well. */
import { properties } from '../../../model/index.ts';
import type { CheckedProperty, CheckResult } from '../../questions/check.ts';
import { ANCHOR, hrefTo, link, listed, propertyLink, scenarioLink } from './anchors.ts';
import { html, NOTHING, type Piece } from './html.ts';
import { badge, count, distinct, table } from './parts.ts';

/** A row for each scenario, a column for each revision, and in each cell what is broken, in so many steps. */
export function summaryMatrix(checks: readonly CheckResult[]): Piece {
  const revisions = distinct(checks.map(({ revision }) => revision));
  const scenarios = distinct(checks.map(({ scenario }) => scenario));
  return html`<div class="scroll" role="region" aria-label="Verdicts by scenario and revision" tabindex="0">
<table class="summary">
<caption>Verdicts by scenario and revision</caption>
<thead><tr><th scope="col">Scenario</th>${revisions.map((name) => html`<th scope="col">${link(ANCHOR.revision(name), name)}</th>`)}</tr></thead>
<tbody>
${scenarios.map(
  (scenario) =>
    html`<tr><th scope="row">${scenarioLink(scenario)}</th>${revisions.map((revision) => {
      const result = checks.find((each) => each.revision === revision && each.scenario === scenario);
      return html`<td>${result === undefined ? NOTHING : summaryOf(result)}</td>`;
    })}</tr>\n`,
)}</tbody>
</table>
</div>
`;
}

/** The verdict of a check, with the number of properties that are broken or undecided. */
function summaryOf({ revision, scenario, properties: checked, verdict }: CheckResult): Piece {
  const number = (wanted: CheckedProperty['verdict']): number =>
    checked.filter((each) => each.verdict === wanted).length;
  const [tone, sign, text] =
    verdict === 'holds'
      ? ['good', '✓', 'holds']
      : verdict === 'violated'
        ? ['bad', '✗', `${number('violated')} violated`]
        : ['doubt', '?', `${number('inconclusive')} inconclusive`];
  const all = checked
    .filter((each) => each.verdict !== 'holds')
    .map(
      ({ id, verdict: said, counterexample }) =>
        `${id}: ${counterexample === undefined ? said : count(counterexample.depth, 'step')}`,
    )
    .join(', ');
  return html`<a href="${hrefTo(ANCHOR.check(revision, scenario))}" title="${all === '' ? 'every property holds' : all}"><span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${text}</span></a>`;
}

/**
 * A row for each property and revision, a column for each scenario, and in each cell the number of steps of a
 * shortest counterexample. Properties that hold everywhere are named below instead.
 */
export function propertyMatrix(checks: readonly CheckResult[]): Piece {
  const revisions = distinct(checks.map(({ revision }) => revision));
  const scenarios = distinct(checks.map(({ scenario }) => scenario));
  const ids = properties.map(({ id }) => id).filter((id) => checks.some((each) => propertyOf(each, id)));
  const broken = ids.filter((id) =>
    checks.some((each) => (propertyOf(each, id)?.verdict ?? 'holds') !== 'holds'),
  );
  const whole = ids.filter((id) => !broken.includes(id));
  return html`<div class="scroll" role="region" aria-label="Verdicts by property, revision and scenario" tabindex="0">
<table class="matrix">
<caption>Verdicts by property, revision and scenario</caption>
<thead><tr><th scope="col">Property</th><th scope="col">Revision</th>${scenarios.map((name) => html`<th scope="col" class="upright"><span>${scenarioLink(name)}</span></th>`)}</tr></thead>
${broken.map(
  (id) => html`<tbody>
${revisions.map(
  (revision, index) =>
    html`<tr>${index === 0 ? html`<th scope="rowgroup" rowspan="${revisions.length}">${propertyLink(id)}</th>` : NOTHING}<th scope="row">${revision}</th>${scenarios.map(
      (scenario) =>
        html`<td>${cell(
          checks.find((each) => each.revision === revision && each.scenario === scenario),
          id,
        )}</td>`,
    )}</tr>\n`,
)}</tbody>
`,
)}</table>
</div>
<p class="quiet">A number: violated, in so many steps at least; <span class="good-text">✓</span> holds; – there is nothing to
break there; ? inconclusive. ${whole.length === 0 ? NOTHING : html`In every check of every revision hold, or have nothing to break: ${listed(whole.map(propertyLink), '')}.`}</p>
`;
}

const propertyOf = (result: CheckResult, id: string): CheckedProperty | undefined =>
  result.properties.find((each) => each.id === id);

function cell(result: CheckResult | undefined, id: string): Piece {
  const checked = result === undefined ? undefined : propertyOf(result, id);
  if (result === undefined || checked === undefined) return NOTHING;
  const { verdict, because, counterexample } = checked;
  if (counterexample !== undefined) {
    const { revision, scenario } = result;
    return html`<a class="bad-text" href="${hrefTo(ANCHOR.counterexample(revision, scenario, id))}" title="${revision}, ${scenario}: ${id} is violated in ${count(counterexample.depth, 'step')}">${counterexample.depth}</a>`;
  }
  if (verdict === 'inconclusive') return sign('?', 'doubt-text', because ?? 'inconclusive');
  return because === undefined ? sign('✓', 'good-text', 'holds') : sign('–', 'quiet', because);
}

const sign = (character: string, tone: string, meaning: string): Piece =>
  html`<span class="${tone}" role="img" aria-label="${meaning}" title="${meaning}">${character}</span>`;

/** A link to a check, by its revision and scenario. */
export const checkLink = ({ revision, scenario }: Pick<CheckResult, 'revision' | 'scenario'>): Piece =>
  link(ANCHOR.check(revision, scenario), `${revision}, ${scenario}`);

/** A row for each check, with what it broke. */
export const checksOf = (checks: readonly CheckResult[]): Piece =>
  table(
    'Verdicts',
    ['Check', 'Verdict', 'Violated, in so many steps'],
    checks.map((result) => [
      checkLink(result),
      badge(result.verdict),
      listed(
        result.properties.flatMap(({ id, counterexample }) =>
          counterexample === undefined
            ? []
            : [
                link(
                  ANCHOR.counterexample(result.revision, result.scenario, id),
                  html`<code>${id}</code> ${counterexample.depth}`,
                ),
              ],
        ),
        'nothing',
      ),
    ]),
  );
