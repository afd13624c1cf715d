/** What is proved for all numbers, of each revision; and what each proof needs: as it was recorded. */
import { catalogue, properties, revisions } from '../../../model/index.ts';
import { theorems } from '../../../proofs/theorems.ts';
import {
  ABLATED,
  type Ablated,
  certificateFile,
  type ProofsRecord,
  type RecordedCell,
  type Standing,
  standingOf,
  triedOf,
} from '../../prove/recorded.ts';
import { shortly } from '../../prove/recorded-page.ts';
import { ANCHOR, link, listed, PAGE, propertyLink, revisionLink, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { fileLink } from './edition.ts';
import { html, joined, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { command, section, table } from './parts.ts';
import { pageOfDocument } from './references.ts';

export function proofsPage(content: SiteContent): Page {
  const { proofs } = content;
  const at = (id: string) => ({ page: PAGE.proofs, id });
  const parts = [
    ['proved', 'Property by revision', provedPiece(content)],
    ['needs', 'What each proof needs', ABLATED.map((ablated) => needsPiece(ablated, proofs))],
    ['trusted', 'What is trusted', trustedPiece(content)],
  ] as const;
  return {
    file: PAGE.proofs,
    title: 'What is proved',
    groups: parts.map(([id, title]) => ({ anchor: at(id), title, entries: [] })),
    body: html`<p>The explorer visits all states of a bounded scenario. What is said here is said without bounds: of any Message
IDs, any number of requests, failovers, members and messages, and state syncs however old; with an IKE window of 1 and a plain
peer. It is proved of the very functions of the specification.</p>
${parts.map(([id, title, piece]) => section(at(id), title, piece))}`,
  };
}

const provedPiece = ({ proofs, edition }: SiteContent): Piece => html`${table(
  'What is proved of each revision',
  ['Property', ...revisions.map(({ name }) => revisionLink(name))],
  properties.map(({ id }) => ({
    anchor: ANCHOR.proof(id),
    cells: [propertyLink(id), ...revisions.map(({ name }) => standingPiece(standingOf(proofs, name, id)))],
  })),
)}
<p class="quiet">Nothing to break: the revision lacks what the property is about. Refuted: a run of the model breaks it, and the
command finds it. Open: there is no theorem, and what one lacks is said; exploration speaks of it within bounds.</p>
<p>Certificates, with every question by its digest: ${listed(
  revisions.map(({ name }) => fileLink(certificateFile(name), edition)),
  '',
)}.
To make the proofs of one again, and compare:</p>
${command(`npx ipsecha prove --check ${certificateFile('rfc6311')}`)}`;

const sign = (character: string, tone: string): Piece =>
  html`<span class="${tone}" aria-hidden="true">${character}</span>`;

const assumed = (ids: readonly string[]): Piece =>
  ids.length === 0
    ? ''
    : html`, if ${joined(
        ids.map((id) => html`<code>${id}</code>`),
        ', ',
      )}`;

/** What is known of a property of a revision. */
export function standingPiece(standing: Standing): Piece {
  switch (standing.kind) {
    case 'proved':
      return html`${sign('✓', 'good-text')} proved${assumed(standing.assumes)}`;
    case 'refuted':
      return html`${sign('✗', 'bad-text')} refuted: <code>${standing.by}</code>`;
    case 'nothing to break':
    case 'not recorded':
      return html`<span class="quiet">${standing.kind}</span>`;
    case 'not proved':
      return html`${sign('?', 'doubt-text')} not proved: ${shortly(standing.broken, 1)}`;
    case 'open':
      return html`${sign('?', 'doubt-text')} open: ${standing.lacks}`;
  }
}

/** Rule by theorem. */
function needsPiece({ revision, rules }: Ablated, record: ProofsRecord): Piece {
  const tried = triedOf(record, revision);
  const of = new Map(
    record.cells
      .filter((cell) => cell.revision === revision)
      .map((cell) => [`${cell.rule} ${cell.property}`, cell]),
  );
  return html`<p>Each rule is left out of ${revisionLink(revision)} in turn, and each proof is made again. A number says how many
statements (a clause or the property, in a kind of step) are then not kept; the title and the page of the rule name them.</p>
<div class="scroll" role="region" aria-label="Which proof of ${revision} needs which rule" tabindex="0">
<table class="matrix">
<thead><tr><th scope="col">Rule</th>${tried.map((property) => html`<th scope="col" class="upright"><span>${propertyLink(property)}</span></th>`)}</tr></thead>
<tbody>
${rules.map(
  (rule) =>
    html`<tr><th scope="row">${ruleLink(rule)}</th>${tried.map((property) => html`<td>${cellPiece(of.get(`${rule} ${property}`))}</td>`)}</tr>\n`,
)}</tbody>
</table>
</div>
<p class="quiet">✓ proved without it; – no function of it is called in the steps that the theorem is about; ? no proof is made
without it; · not tried yet.</p>
`;
}

function cellPiece(cell: RecordedCell | undefined): Piece {
  const marked = (character: string, tone: string, meaning: string): Piece =>
    html`<span class="${tone}" role="img" aria-label="${meaning}" title="${meaning}">${character}</span>`;
  if (cell === undefined) return marked('·', 'quiet', 'not tried yet');
  if (cell.isSame === true) return marked('–', 'quiet', 'the same steps');
  if (cell.verdict === 'proved') return marked('✓', 'good-text', 'proved without it');
  return cell.verdict === 'inconclusive'
    ? marked('?', 'doubt-text', cell.because ?? 'inconclusive')
    : marked(String(cell.broken.length), 'bad-text', cell.broken.join('; '));
}

const trustedPiece = (content: SiteContent): Piece => {
  const page = pageOfDocument('docs/proofs.md', content);
  const text = 'How a proof is made, and what is trusted';
  return html`<p>Z3, and z3 and cvc5 as they come with Debian, which are asked the same; the rewriting of the functions, as far as
the numbers that are tried on each path do not show a fault; that what is remembered for one item says of it what the
monitor says of all; and symmetry of members. ${page === undefined ? text : link({ page, id: 'what-is-trusted' }, text)}.</p>
`;
};

/** On the page of a property: what is known of it in each revision. */
export const provedOf = (
  property: string,
  { proofs }: SiteContent,
): Piece => html`<ul class="plain">${revisions.map(
  ({ name }) => html`<li>${revisionLink(name)}: ${standingPiece(standingOf(proofs, name, property))}</li>`,
)}</ul>
${link(ANCHOR.proof(property), theorems.some((theorem) => theorem.property === property) ? 'what each proof needs' : 'what is proved')}`;

/** On the page of a rule: the theorems that are not proved without it, and what fails. */
export const needingRule = (rule: string, { proofs }: SiteContent): readonly Piece[] =>
  catalogue.some(({ id }) => id === rule)
    ? proofs.cells
        .filter((cell) => cell.rule === rule && cell.verdict !== 'proved')
        .map(
          ({ property, broken, because }) =>
            html`${link(ANCHOR.proof(property), property)} (${because ?? broken.join('; ')})`,
        )
    : [];
