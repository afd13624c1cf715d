/** Revisions, scenarios and settings: what is explored. */
import { type Revision, revisions, type Scenario, scenarios, settingSpecs } from '../../../model/index.ts';
import { ANCHOR, listed, ruleLink } from './anchors.ts';
import { html, type Piece } from './html.ts';
import { facts, heading, section, table } from './parts.ts';

export const revisionsSection = (): Piece =>
  section(
    'revisions',
    'Revisions',
    html`<p>A revision is one text: a record of rule functions. An author’s own is such a record too, and can be
checked the same way.</p>
`,
    revisions.map(revisionArticle),
  );

const revisionArticle = (revision: Revision): Piece =>
  html`<article id="${ANCHOR.revision(revision.name)}">
${heading(3, ANCHOR.revision(revision.name), html`<code>${revision.name}</code>`)}
<p class="title">${revision.title}</p>
${facts([
  ['Source', revision.source],
  ['Counter sync', revision.counterSync === null ? 'none: a newly active member just goes on' : 'yes'],
  ['Rules that it is made of', listed(rulesOf(revision).map(ruleLink), 'none')],
])}
</article>
`;

/** Ids of the rules that a revision holds as functions of its own. */
const rulesOf = ({ ike, esp, counterSync, replaySync }: Revision): readonly string[] =>
  [ike, esp, counterSync ?? {}, replaySync ?? {}]
    .flatMap(Object.values)
    .flatMap((slot: unknown) => (isRule(slot) ? [slot.text.id] : []));

const isRule = (slot: unknown): slot is { readonly text: { readonly id: string } } =>
  typeof slot === 'function' && 'text' in slot;

export const scenariosSection = (): Piece =>
  section(
    'scenarios',
    'Scenarios and settings',
    html`<p>A scenario bounds what is explored; within it, everything is visited: each message may be lost, late, out
of order, or arrive again. What the text leaves open is a setting, so that each reading can be checked:
<code>--set KEY=VALUE</code>.</p>
`,
    scenarios.map(scenarioArticle),
    html`<article id="settings">
${heading(3, 'settings', 'Settings')}
${table(
  'Settings',
  ['Setting', 'Values', 'Meaning'],
  settingSpecs.map((spec) => [
    html`<code>${spec.key}</code>`,
    spec.values === 'number'
      ? `${spec.least} to ${spec.most}`
      : listed(
          spec.values.map((value) => html`<code>${value}</code>`),
          '',
        ),
    spec.meaning,
  ]),
)}
</article>
`,
  );

const scenarioArticle = ({ name, title, about, sizes }: Scenario): Piece =>
  html`<article id="${ANCHOR.scenario(name)}">
${heading(3, ANCHOR.scenario(name), html`<code>${name}</code>`)}
<p class="title">${title}</p>
<p>${about}</p>
${table(
  `Sizes of ${name}`,
  ['', ...Object.keys(sizes)],
  settingSpecs.map(({ key, field }) => [
    html`<code>${key}</code>`,
    ...Object.values(sizes).map((settings) => settings[field]),
  ]),
  'compact',
)}
</article>
`;
