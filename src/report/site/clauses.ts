/** RFC 6311, clause by clause, and what it rests on: each clause with the rules that embody it. */
import {
  type Clause,
  clauseLink,
  clauses,
  isModelled,
  type TextExample,
  textExamples,
} from '../../../model/index.ts';
import { countsOf, coverage, documentName } from '../coverage.ts';
import { ANCHOR, type Anchor, hrefTo, link, PAGE, ruleLink } from './anchors.ts';
import { html, joined, NOTHING, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { article, command, distinct, number, section, table } from './parts.ts';

const at = (id: string): Anchor => ({ page: PAGE.clauses, id });

/** The anchor of the section that a clause stands in. */
const sectionAnchor = ({ document, section: name }: Clause): Anchor =>
  at(document === 'RFC6311' ? `section-${name}` : `${document}-section-${name}`);

const sectionName = ({ section: name }: Clause): string =>
  /^[A-Z]/.test(name) ? `Appendix ${name}` : `Section ${name}`;

export function clausesPage(): Page {
  const documents = coverage().map(({ document, counts }) => {
    const own = clauses.filter((clause) => clause.document === document);
    const sections = distinct(own.map((clause) => clause.section)).map((name) =>
      own.filter((clause) => clause.section === name),
    );
    return { document, counts, sections };
  });
  return {
    file: PAGE.clauses,
    title: 'RFC 6311, clause by clause',
    groups: documents.map(({ document, sections }) => ({
      anchor: at(document),
      title: documentName(document),
      entries: sections.flatMap(([first]) =>
        first === undefined ? [] : [[sectionAnchor(first), sectionName(first)] as const],
      ),
    })),
    body: html`<p>Each sentence of RFC 6311 with a keyword of RFC 2119, and each statement without one that a receiver
relies on (level <q>stated</q>), with the rules that embody it, or the reason why none does. Below it are the sections of
RFC 7296 and RFC 4303 that the rules rest on. The wording is ours; the texts themselves are linked to.</p>
<p>A clause is cited by its anchor, which never changes: the section, then the bullet, or <code>p</code> and the number of the
paragraph; <code>b</code>, <code>c</code> and so on for further clauses of the same place. The command prints the same list:</p>
${command('npx ipsecha rules --coverage')}
${table(
  'How many clauses',
  ['Text', 'Clauses', 'With a keyword', 'By rules', 'Not modelled'],
  documents.map(({ document, counts }) => [
    link(at(document), documentName(document)),
    number(counts.clauses),
    number(counts.withKeyword),
    number(counts.modelled),
    number(counts.notModelled),
  ]),
)}
${documents.map(({ document, sections }) =>
  section(at(document), documentName(document), sections.map(sectionPiece)),
)}`,
  };
}

function sectionPiece(own: readonly Clause[]): Piece {
  const [first] = own;
  if (first === undefined) return [];
  const { modelled, clauses: all } = countsOf(own);
  return article(
    sectionAnchor(first),
    sectionName(first),
    html`<p><a href="${clauseLink(first)}">The text</a> <span class="quiet">${modelled} of ${all} by rules</span>${examplesPiece(first)}</p>
`,
    table(
      `${documentName(first.document)}, ${sectionName(first)}`,
      ['Clause', 'Level', 'Kept by', 'What it says', 'Rules'],
      own.map((clause) => ({
        anchor: ANCHOR.clause(clause),
        cells: [
          link(ANCHOR.clause(clause), html`<code>${clause.id}</code>`),
          clause.level,
          clause.actor,
          clause.says,
          rulesPiece(clause),
        ],
      })),
    ),
  );
}

/** The examples that the section prints, run by the rules. */
function examplesPiece(clause: Clause): Piece {
  const own = textExamples.filter((example) => isPrintedIn(example, clause));
  if (own.length === 0) return NOTHING;
  const links = own.map(
    ({ id, title }) => html`<a href="${hrefTo(ANCHOR.example(id))}" title="${title}">${id}</a>`,
  );
  return html` Its ${own.length === 1 ? 'example' : 'examples'} under each reading: ${joined(links, ', ')}`;
}

/** The link of an example ends with its section: `section-9`, `appendix-A.2`. */
const isPrintedIn = ({ link: printed }: TextExample, clause: Clause): boolean =>
  clause.document === 'RFC6311' && printed !== null && printed === clauseLink(clause);

const rulesPiece = (clause: Clause): Piece =>
  isModelled(clause)
    ? joined(clause.by.map(ruleLink), ', ')
    : html`<span class="quiet">not modelled, ${clause.notModelled}</span>`;

/** A clause by its text and id, which lead to its row. */
export const clauseReference = (clause: Clause): Piece =>
  html`<a href="${hrefTo(ANCHOR.clause(clause))}" title="${clause.says}">${documentName(clause.document)}, <code>${clause.id}</code></a>`;
