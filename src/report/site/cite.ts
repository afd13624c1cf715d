/** How all of this is cited, and each thing in it by its permanent id. */
import { ANCHOR, hrefTo, link, PAGE, propertyLink, ruleLink } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { bibtex, editionText, yearOf } from './edition.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';
import { section, table } from './parts.ts';

export function citePage({ edition }: SiteContent): Page {
  const at = (id: string) => ({ page: PAGE.cite, id });
  const rule = 'RFC6311-5.1-DROP-STALE';
  const property = 'message-id-monotonicity';
  const trace = 'baseline/capture.pcap';
  return {
    file: PAGE.cite,
    title: 'Cite',
    groups: [
      { anchor: at('whole'), title: 'The whole', entries: [] },
      { anchor: at('part'), title: 'A part of it', entries: [] },
    ],
    body: html`${section(
      at('whole'),
      'The whole',
      html`<p>${edition.authors} (${yearOf(edition)}). <cite>ipsecha: ${edition.description}</cite>, ${editionText(edition)}.</p>
<pre tabindex="0"><code>${bibtex(edition)}</code></pre>
<p><code>CITATION.cff</code> in the repository says the same to programs.</p>
`,
    )}
${section(
  at('part'),
  'A part of it',
  html`<p>Add the id to the version: “ipsecha ${edition.version}, ${rule}”. An id that was published is never used for anything
else, and keeps its page; where it once said something wrong, its page says what. A test holds the pages to the list of
all ids that were ever published, <code>docs/ids.json</code>.</p>
${table(
  'Ids, and where they lead',
  ['What', 'Its id', 'Its page'],
  [
    ['a rule', ruleLink(rule), html`<code>${hrefTo(ANCHOR.rule(rule))}</code>`],
    ['a property', propertyLink(property), html`<code>${hrefTo(ANCHOR.property(property))}</code>`],
    [
      'a finding',
      link(ANCHOR.finding('F-01'), html`<code>F-01</code>`),
      html`<code>${hrefTo(ANCHOR.finding('F-01'))}</code>`,
    ],
    [
      'an open question',
      link(ANCHOR.finding('Q-01'), html`<code>Q-01</code>`),
      html`<code>${hrefTo(ANCHOR.finding('Q-01'))}</code>`,
    ],
    [
      'an example of the text',
      link(ANCHOR.example('A.2'), html`<code>A.2</code>`),
      html`<code>${hrefTo(ANCHOR.example('A.2'))}</code>`,
    ],
    ['a trace', html`<code>baseline</code>`, html`<code>${hrefTo(ANCHOR.trace(trace))}</code>`],
    [
      'a step of a run',
      html`the address of <a href="${PAGE.walk}">${PAGE.walk}</a> when one stands there`,
      html`<code>${PAGE.walk}#…&amp;at=3</code>`,
    ],
  ],
)}`,
)}`,
  };
}
