/** What breaks without each rule: a table of the record, and on the page of each rule its cells and one example. */
import { canBeLeftOut, catalogue, scenarios } from '../../../model/index.ts';
import { breakagesIn, NOT_USED, recordedScenarios, revisionFor } from '../../overview/ablation-record.ts';
import { walkOf } from '../../questions/walk-of.ts';
import { counterexampleChart } from '../counterexample.ts';
import {
  ANCHOR,
  hrefTo,
  link,
  listed,
  PAGE,
  propertyLink,
  revisionLink,
  ruleLink,
  scenarioLink,
} from './anchors.ts';
import { chartPiece } from './chart.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { command, count, table } from './parts.ts';
import { walkLink } from './walk.ts';

type Cells = Readonly<Record<string, string>>;

export function ablationPage({ ablation }: SiteContent): Page {
  const recorded = recordedScenarios(ablation);
  const others = scenarios.map(({ name }) => name).filter((name) => !recorded.includes(name));
  const groups = Object.entries(ablation).map(
    ([revision, rules]) => [revision, Object.entries(rules)] as const,
  );
  const idle = groups.flatMap(([, rules]) => rules.filter(([, cells]) => breaksNothing(cells)));
  return {
    file: PAGE.ablation,
    title: 'Without each rule',
    groups: [],
    body: html`<p>Each rule is left out in turn, in each of these scenarios at size <code>small</code>. What holds with the rule and breaks
without it is what the rule is there for, as far as the scenario shows. A number is the length of the shortest
counterexample to the first property that breaks; the page of the rule names all of them, and draws one.</p>
${groups.map(
  ([revision, rules]) => html`<p>Left out of ${revisionLink(revision)}:</p>
<div class="scroll" role="region" aria-label="What breaks in ${revision} without each rule" tabindex="0">
<table class="matrix">
<thead><tr><th scope="col">Rule</th>${recorded.map((name) => html`<th scope="col" class="upright"><span>${scenarioLink(name)}</span></th>`)}</tr></thead>
<tbody>
${rules.map(
  ([rule, cells]) =>
    html`<tr id="${ANCHOR.without(rule).id}"><th scope="row">${ruleLink(rule)}</th>${recorded.map((name) => html`<td>${cell(rule, name, cells[name] ?? '?')}</td>`)}</tr>\n`,
)}</tbody>
</table>
</div>
`,
)}
<p class="quiet"><span class="good-text">✓</span> nothing breaks without it; – it never came into play; ? undecided.
${others.length === 0 ? 'Every scenario was recorded.' : html`Not recorded: ${listed(others.map(scenarioLink), '')}.`}</p>
<p>Without these, nothing breaks in any of the scenarios: ${listed(
      idle.map(([rule]) => ruleLink(rule)),
      'there is none such',
    )}. That is a finding about the scenarios and the properties as much as about the rules.</p>
<p>The table is a record, made by <code>npm run record:ablation</code>, since it takes minutes. The example on each page of
a rule was computed anew when this page was written, and has to be as the record says; so has a part of the record
whenever the tests are run. To see it yourself:</p>
${command('npx ipsecha ablate rfc6311 --scenario SCENARIO')}`,
  };
}

const breaksNothing = (cells: Cells): boolean =>
  Object.values(cells).every((said) => said === '' || said === NOT_USED);

function cell(rule: string, scenario: string, said: string): Piece {
  const [first] = breakagesIn(said);
  const sign = (character: string, tone: string, meaning: string): Piece =>
    html`<span class="${tone}" role="img" aria-label="${meaning}" title="${meaning}">${character}</span>`;
  if (said === '') return sign('✓', 'good-text', 'nothing breaks');
  if (said === NOT_USED) return sign('–', 'quiet', 'never came into play');
  if (first === undefined) return sign('?', 'doubt-text', said);
  const title = `without ${rule}, ${scenario}: ${said}`;
  return html`<a class="bad-text" href="${hrefTo({ ...ANCHOR.rule(rule), id: 'without' })}" title="${title}">${first.depth}</a>`;
}

/** On the page of a rule: what breaks without it in each scenario, and an example. */
export function withoutPiece(rule: string, { ablation, examples }: SiteContent): Piece {
  const revision = revisionFor(rule);
  const cells = revision === undefined ? undefined : ablation[revision.name]?.[rule];
  if (revision === undefined || cells === undefined) {
    return html`<p class="quiet">${catalogue.some(({ id }) => id === rule) ? 'It is not a part of a revision that can be left out by itself.' : NOTHING}</p>
`;
  }
  const named = Object.entries(cells);
  const those = (said: string): readonly Piece[] =>
    named.filter(([, cellSaid]) => cellSaid === said).map(([scenario]) => scenarioLink(scenario));
  const broken = named.filter(([, said]) => said !== '' && said !== NOT_USED);
  const example = examples.find((each) => each.rule === rule);
  return html`${
    broken.length === 0
      ? html`<p>Left out of ${revisionLink(revision.name)}, nothing breaks in any scenario that was recorded (size <code>small</code>).</p>\n`
      : table(
          `What breaks without ${rule}`,
          ['Scenario', 'What breaks, in so many steps'],
          broken.map(([scenario, said]) => [
            scenarioLink(scenario),
            listed(
              said.split(', ').map((part) => {
                const [id = '', depth = ''] = part.split(' ');
                return html`${propertyLink(id)} ${depth}`;
              }),
              '',
            ),
          ]),
        )
  }<p>Nothing breaks in: ${listed(those(''), 'none')}. It never comes into play in: ${listed(those(NOT_USED), 'none')}.
${link(ANCHOR.without(rule), 'All rules')}</p>
${
  example === undefined
    ? NOTHING
    : html`<p>A shortest example: <code>${example.property}</code> breaks in ${scenarioLink(example.scenario)} in ${count(example.checked.counterexample?.depth ?? 0, 'step')}.</p>
${exampleChart(example)}`
}${canBeLeftOut(revision, rule) ? html`<p>${walkLink({ revision: revision.name, scenario: example?.scenario ?? scenarios[0]?.name ?? '', without: [rule] }, `Walk without it, or check ${revision.name} without it in your browser`)}</p>\n` : NOTHING}${canBeLeftOut(revision, rule) ? command(`npx ipsecha check ${revision.name} --without ${rule}${example === undefined ? '' : ` --scenario ${example.scenario} --property ${example.property}`}`) : NOTHING}`;
}

function exampleChart({ rule, scenario, property, result, checked }: SiteContent['examples'][number]): Piece {
  if (checked.counterexample === undefined) return NOTHING;
  const title = `Without ${rule}, ${scenario}: shortest counterexample to ${property}`;
  const walk = walkOf(result, checked);
  return [
    chartPiece(title, counterexampleChart(checked.counterexample, result.places, property, title)),
    walk === undefined ? NOTHING : html`<p>${walkLink(walk, 'Walk this run step by step')}</p>\n`,
  ];
}
