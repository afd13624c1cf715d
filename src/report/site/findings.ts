/** The findings: `docs/findings.md`, each with its anchor, and each command with its bounds and what it finds. */
import type { Token, Tokens } from 'marked';
import { clausesOf, findRule, properties, type TextExample, textExamples } from '../../../model/index.ts';
import { FINDING_LANGUAGE, type FindingRun, findingRun } from '../../overview/finding-runs.ts';
import type { WalkAddress } from '../../questions/walk-address.ts';
import { subjectOfCommand, walkOf, walkOfSteps } from '../../questions/walk-of.ts';
import { counterexampleChart, runChart } from '../counterexample.ts';
import { ANCHOR, type Anchor, headingId, hrefTo, link, PAGE, propertyLink, ruleLink } from './anchors.ts';
import { chartPiece } from './chart.ts';
import type { SiteContent } from './content.ts';
import { DOCUMENTS } from './document-names.ts';
import { html, NOTHING, type Piece } from './html.ts';
import { markdown, plain, tokensOf } from './markdown.ts';
import type { Page } from './page.ts';
import { badge, command, count, facts, folded, heading, section } from './parts.ts';
import { renderingOf } from './references.ts';
import { textExampleChart } from './text-examples.ts';
import { walkLink } from './walk.ts';

/** A sentence that one can cite. */
export interface FindingText {
  readonly title: string;
  readonly anchor: Anchor;
  readonly tokens: readonly Token[];
  readonly runs: readonly FindingRun[];
}

interface FindingGroup {
  readonly title: string;
  readonly findings: readonly FindingText[];
}

interface Findings {
  /** What stands before the first chapter. */
  readonly before: readonly Token[];
  readonly groups: readonly FindingGroup[];
}

/** Many pages ask for the same findings. */
const read = new WeakMap<ReadonlyMap<string, string>, Findings>();

/** The findings by their chapters, and what stands before them. */
function findingsIn({ documents }: Pick<SiteContent, 'documents'>): Findings {
  const known = read.get(documents);
  if (known !== undefined) return known;
  const [before = [], ...chapters] = splitAt(tokensOf(documents.get(DOCUMENTS.findings) ?? ''), 2);
  const findings = {
    before,
    groups: chapters.map((chapter) => {
      const [head = [], ...parts] = splitAt(chapter, 3);
      return { title: titleOf(head), findings: parts.map(findingOf) };
    }),
  };
  read.set(documents, findings);
  return findings;
}

/** Pieces that begin with a heading of the level; the first is what stands before any. */
const splitAt = (tokens: readonly Token[], level: number): readonly (readonly Token[])[] =>
  tokens.reduce<Token[][]>(
    (pieces, token) => {
      if (token.type === 'heading' && token['depth'] === level) pieces.push([token]);
      else pieces.at(-1)?.push(token);
      return pieces;
    },
    [[]],
  );

const titleOf = ([head]: readonly Token[]): string =>
  plain((head as Tokens.Heading | undefined)?.tokens ?? []);

function findingOf(tokens: readonly Token[]): FindingText {
  const title = titleOf(tokens);
  return {
    title,
    anchor: ANCHOR.finding(title),
    tokens: tokens.slice(1),
    runs: tokens.flatMap((token) => runIn(token) ?? []),
  };
}

const runIn = (token: Token): FindingRun | undefined =>
  token.type === 'code' && token['lang'] === FINDING_LANGUAGE ? findingRun(String(token['text'])) : undefined;

/**
 * The findings in which something is named: in the heading, in what is said, in what was run or found. Of a rule its short
 * id counts too, `5.1-DROP-STALE` of `RFC6311-5.1-DROP-STALE`; and so does the bullet that it embodies, `5.1, bullet 4`.
 */
export const findingsAbout = (
  id: string,
  content: Pick<SiteContent, 'documents'>,
): readonly FindingText[] => {
  const rule = findRule(id);
  const clauses = rule === undefined ? [] : clausesOf(rule.id);
  const bullets = clauses.flatMap(({ document, section: where, id: clause }) => {
    const [, bullet] = document === 'RFC6311' ? (/-(\d+)[a-z]?$/.exec(clause) ?? []) : [];
    return bullet === undefined ? [] : [`${where}, bullet ${bullet}`];
  });
  const names = [id, id.replace(/^(?:RFC|IPSECHA)\d+-/, ''), ...bullets];
  const isNamed = new RegExp(
    `(?<![A-Za-z0-9.-])(?:${names.map((name) => name.replaceAll('.', '\\.')).join('|')})(?![A-Za-z0-9-])`,
  );
  return findingsIn(content)
    .groups.flatMap(({ findings }) => findings)
    .filter(
      ({ title, tokens, runs }) =>
        isNamed.test(title) ||
        // The long list of what is needed for nothing in one scenario says little of each rule in it.
        runs.some((run) => isNamed.test(run.command) || (!isLong(run) && isNamed.test(run.found))) ||
        tokens.some(({ type, raw }) => type === 'paragraph' && isNamed.test(raw.replace(/\s+/g, ' '))),
    );
};

const isLong = ({ found }: FindingRun): boolean => found.startsWith('needed for nothing');

/** Links to findings, by their headings. */
export const findingLinks = (findings: readonly FindingText[]): readonly Piece[] =>
  findings.map(({ anchor, title }) => link(anchor, title));

export function findingsPage(content: SiteContent): Page {
  const { before, groups } = findingsIn(content);
  const how = renderingOf(DOCUMENTS.findings, content);
  const anchorOf = (title: string): Anchor => ({ page: PAGE.findings, id: headingId(title) });
  const total = groups.reduce((sum, { findings }) => sum + findings.length, 0);
  const runs = groups.flatMap(({ findings }) => findings.flatMap((finding) => finding.runs));
  return {
    file: PAGE.findings,
    title: 'Findings',
    groups: groups.map(({ title, findings }) => ({
      anchor: anchorOf(title),
      title,
      entries: findings.map((finding) => [finding.anchor, finding.title]),
    })),
    body: html`${markdown(before, how)}
<p class="quiet">${count(total, 'finding')}, ${count(runs.length, 'command')}. These results were written down, and are
held by the tests of the project; they were not computed when this page was written.</p>
${groups.map(({ title, findings }) =>
  section(
    anchorOf(title),
    title,
    findings.map(
      (finding) => html`<article id="${finding.anchor.id}" class="finding">
${heading(3, finding.anchor, finding.title)}
${finding.tokens.map((token) => {
  const run = runIn(token);
  return run === undefined ? markdown([token], how) : runPiece(run, content);
})}${chartOf(finding, content)}
</article>
`,
    ),
  ),
)}`,
  };
}

const runPiece = (run: FindingRun, content: SiteContent): Piece => html`<div class="run">
${command(`npx ipsecha ${run.command}`)}${subjectPiece(run)}${facts([
  ['Bounds', html`<code>${run.bounds}</code>`],
  ['Finds', foundPiece(run, content)],
])}</div>
`;

/** A way to walk in what a command explores, where it is of a shipped revision. */
function subjectPiece({ command: typed }: FindingRun): Piece {
  const subject = subjectOfCommand(typed);
  return subject === undefined
    ? NOTHING
    : html`<p class="try">${walkLink(subject, 'Check it in your browser, or walk from its beginning')}</p>
`;
}

/** What was found, with links to the properties, and to the charts of this site where there is one of just that. */
function foundPiece({ command: typed, found }: FindingRun, { overview: { checks } }: SiteContent): Piece {
  if (found === 'holds') return badge('holds');
  const [, revision, scenario] = /^check (\S+) --scenario (\S+)$/.exec(typed) ?? [];
  const result = checks.find((each) => each.revision === revision && each.scenario === scenario);
  const parts = found.split(', ').map((part): Piece | undefined => {
    const [id = '', said = '', ...rest] = part.split(' ');
    if (rest.length > 0 || !properties.some((each) => each.id === id)) return undefined;
    if (!/^\d+$/.test(said)) return html`<li>${badge(said)} ${propertyLink(id)}</li>`;
    const checked = result?.properties.find((each) => each.id === id);
    const mark = badge('violated', ` in ${count(Number(said), 'step')}`);
    return result !== undefined && checked?.counterexample?.depth === Number(said)
      ? html`<li><a href="${hrefTo(ANCHOR.counterexample(result.revision, result.scenario, id))}">${mark}</a> ${propertyLink(id)}</li>`
      : html`<li>${mark} ${propertyLink(id)}</li>`;
  });
  const known = parts.filter((part) => part !== undefined);
  if (known.length === parts.length) return html`<ul class="plain">${known}</ul>`;
  return found;
}

/** The run that shows a finding; the examples of the text that it speaks of, drawn likewise. */
function chartOf(finding: FindingText, { findingExamples }: SiteContent): Piece {
  const { anchor, title } = finding;
  const example = findingExamples.find((each) => each.finding === anchor.id);
  const ofTheText = textExamplesIn(finding).map((each) =>
    folded(
      html`${each.source}: ${each.title} (<a href="${hrefTo(ANCHOR.example(each.id))}">under each reading</a>)`,
      textExampleChart(each),
    ),
  );
  if (example === undefined) return ofTheText;
  if (example.kind === 'step') {
    const { rule, place } = example.draws;
    const caption = `${title}: a shortest run up to a step of ${rule}`;
    const { initial, steps, places } = example;
    return [
      ofTheText,
      walkPiece(walkOfStep(example)),
      folded(
        html`Nothing breaks. A run to see it by: up to a step of ${ruleLink(rule)}${place === undefined ? NOTHING : ` at ${place}`}, ${count(steps.length, 'step')}`,
        chartPiece(caption, runChart({ title: caption, initial, steps, mark: false, foot: [] }, places)),
      ),
    ];
  }
  const run = example.checked.counterexample;
  if (run === undefined) return ofTheText;
  const { command: typed, property, result } = example;
  const caption = `${title}: shortest counterexample to ${property}`;
  return [
    ofTheText,
    walkPiece(walkOf(result, example.checked)),
    folded(
      html`The run that shows it: <code>${property}</code> breaks in ${count(run.depth, 'step')}${sweptOf(typed)}`,
      chartPiece(caption, counterexampleChart(run, result.places, property, caption)),
    ),
  ];
}

const walkPiece = (walk: WalkAddress | undefined): Piece =>
  walk === undefined
    ? NOTHING
    : html`<p>${walkLink(walk, 'Walk this run step by step, and take another step')}</p>
`;

/** The run up to a step, of a shipped revision. */
function walkOfStep({
  command: typed,
  initial,
  steps,
}: Extract<SiteContent['findingExamples'][number], { kind: 'step' }>): WalkAddress | undefined {
  const subject = subjectOfCommand(typed);
  return subject === undefined ? undefined : walkOfSteps(subject, initial, steps);
}

/** With which values, where a command swept some. */
const sweptOf = (typed: string): Piece =>
  / --over /.test(typed) ? ' with the lowest of what is swept' : NOTHING;

const textExamplesIn = ({ tokens }: FindingText): readonly TextExample[] => {
  const named = tokens.flatMap(({ raw }) =>
    [...raw.matchAll(/`ipsecha example ([A-Za-z0-9.-]+)`/g)].map(([, id]) => id),
  );
  return textExamples.filter(({ id }) => named.includes(id));
};
