/** The proofs for unbounded numbers: claim, assumptions, verdict, questions, and a run that breaks a false claim. */
import type { Countermodel, ProofResult } from '../../prove/index.ts';
import { ANCHOR, listed, PAGE, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING, type Piece } from './html.ts';
import type { Page } from './page.ts';
import { badge, count, facts, heading, table } from './parts.ts';

export const proofsPage = ({ overview: { proofs } }: SiteContent): Page => ({
  file: PAGE.proofs,
  title: 'Proofs',
  groups: proofs.map(({ id }) => ({ anchor: ANCHOR.proof(id), title: id, entries: [] })),
  body: html`<p>The explorer visits all states of a bounded scenario. These claims are about Message IDs without bound, and
were decided by an SMT solver when this page was made. A claim is also made without its central assumption, to show
that the assumption is needed: it is then expected to be refuted.</p>
<h2>Claims</h2>
${proofs.map(proofArticle)}`,
});

const proofArticle = (result: ProofResult): Piece => {
  const { id, verdict, obligation, parts, countermodel, solver, digest } = result;
  const expected = verdict === obligation.expected ? ', as expected' : `, expected: ${obligation.expected}`;
  return html`<article id="${ANCHOR.proof(id).id}">
${heading(3, ANCHOR.proof(id), html`<code>${id}</code>`)}
<p class="title">${obligation.title}</p>
<p>${badge(verdict, expected)}</p>
<p>${obligation.statement}</p>
<h4>Assumed</h4>
${facts(obligation.assumptions.map(({ name, says }) => [html`<code>${name}</code>`, says]))}
<h4>Method</h4>
<p>${obligation.method}</p>
${countermodel === undefined ? NOTHING : html`<h4>A run that breaks it</h4>\n${runTable(id, countermodel)}`}
<details><summary>${count(parts.length, 'question')} to ${solver.name} ${solver.version}</summary>
${table(
  `Questions of ${id}`,
  ['Question', 'Answer', 'Wanted'],
  parts.map(({ name, result: answer, wanted }) => [
    name,
    html`<code>${answer}</code>`,
    html`<code>${wanted}</code>`,
  ]),
)}
<p>SHA-256 of the questions: <code class="long">${digest}</code></p>
</details>
${facts([['Rules', listed(obligation.rules.map(ruleLink), 'none')]])}
<p class="try">Again: <code>npx ipsecha prove ${id}</code></p>
</article>
`;
};

/** The initial state in full, then what each step changes. */
const runTable = (id: string, { steps }: Countermodel): Piece =>
  table(
    `A run that breaks ${id}`,
    ['Step', 'What happens', 'State'],
    steps.map(({ action, state, changed }, index) => [
      index === 0 ? '' : String(index),
      action,
      (index === 0 ? Object.keys(state) : changed).map(
        (name) => html`<span class="value">${name}: <b>${String(state[name])}</b></span> `,
      ),
    ]),
  );
