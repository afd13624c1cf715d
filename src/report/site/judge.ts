/** The page on which captures are judged: its frame, in which its program (`src/web/browser`) shows what it finds. */
import { revisions } from '../../../model/index.ts';
import { verdictStyle } from '../validation-html.ts';
import { PAGE } from './anchors.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

export const judgePage = (script: string): Page => ({
  file: PAGE.judge,
  title: 'Judge a capture',
  groups: [],
  isWide: true,
  style: judgeStyle,
  script,
  body: html`<p class="lead">Captures and logs, judged in this page by the same rules and the same readers as on the command line
(<code>npx ipsecha validate</code>). Nothing leaves the machine: the page works without a network, and asks for none.</p>
<noscript><p class="outcome bad">This page needs JavaScript. Without it: <code>npx ipsecha validate FILE --keys KEYS</code>.</p></noscript>
<section id="choose" aria-labelledby="choose-title">
<h2 id="choose-title">What to judge</h2>
<form id="asked">
<div id="drop" class="drop">
<p>Drop captures, logs and keys anywhere on this page, or choose them. Several files of one run are judged together.</p>
<div class="fields">
<label><span>Captures (pcap, pcapng), logs, tshark's JSON, events</span><input id="traces" type="file" multiple></label>
<label><span>Keys: Wireshark's <code>ikev2_decryption_table</code>, <code>esp_sa</code></span><input id="keys" type="file" multiple accept=".csv,text/csv,text/plain"></label>
</div>
<p id="given"></p>
</div>
<div class="fields">
<label><span>Judged by</span><select id="revision">${revisions.map(({ name }) => html`<option${name === 'rfc6311' ? html` selected` : ''}>${name}</option>`)}</select></label>
<label class="tick"><input id="complete" type="checkbox"> <span>Nothing is missing in what was observed</span></label>
<label class="tick"><input id="each" type="checkbox"> <span>Each file for itself</span></label>
<button id="judge" class="main" disabled>Judge</button>
</div>
</form>
<p id="progress" role="status"></p>
<div id="problem" role="alert"></div>
</section>
<section id="walk" aria-labelledby="walk-title" hidden>
<h2 id="walk-title" tabindex="-1">Event by event</h2>
<div id="bar" class="bar" role="toolbar" aria-label="Events"></div>
<p id="step" role="status"></p>
<div id="walking"><div id="chart" class="scroll chart" role="region" aria-label="Chart of the events around this one" tabindex="0"></div></div>
<div id="findings"></div>
</section>
<div id="verdicts"></div>
`,
});

const judgeStyle = `${verdictStyle}
.drop{padding:1rem 1.2rem;border:2px dashed var(--edge);border-radius:10px}
.drop.over{border-color:var(--link);background:var(--here)}
.drop p{margin:.2rem 0 .6rem}
#given:empty{display:none}
#problem p{white-space:pre-line}
#verdicts section{margin-top:2rem;padding-top:1.5rem;border-top:1px solid var(--line)}
#findings p{max-width:60rem}
@media print{#choose,.bar{display:none}}
`;
