/** The page in which one walks: its frame, in which its program (`src/web/browser`) shows what it finds. */
import { addressText, type WalkAddress } from '../../questions/walk-address.ts';
import { PAGE } from './anchors.ts';
import { html, type Piece } from './html.ts';
import type { Page } from './page.ts';

/** What an address says that is not at the beginning of a run. */
export type WalkLink = Pick<WalkAddress, 'revision' | 'scenario'> & Partial<WalkAddress>;

/** The address of the page with a run. */
export const walkHref = (walk: WalkLink): string =>
  `${PAGE.walk}#${addressText({ size: 'small', set: [], without: [], start: 0, steps: [], at: 0, ...walk })}`;

/** A link that opens a run, at the step that it says. */
export const walkLink = (walk: WalkLink, text: Piece): Piece =>
  html`<a class="walk" href="${walkHref(walk)}">${text}</a>`;

export const walkPage = (script: string): Page => ({
  file: PAGE.walk,
  title: 'Walk',
  groups: [],
  isWide: true,
  style: walkStyle,
  script,
  body: html`<p class="lead">Every run of the model, step by step: what each member knows, which rules shape the step, and what
else could happen instead. Checks run in this page, by the same rules and the same explorer as on the command line;
nothing is sent anywhere. The address of the page always leads back to what it shows.</p>
<noscript><p class="outcome bad">This page needs JavaScript. Without it, every run that the site shows is drawn on its own
page, and <code>npx ipsecha check</code> finds the others.</p></noscript>
<section id="choose" aria-labelledby="choose-title">
<h2 id="choose-title">What to check</h2>
<form id="subject"></form>
<details id="own"><summary>A revision of your own</summary>
<div class="own">
<p>TypeScript, as in a <a href="guide.html">revision file</a> of the command line: the specification is imported from
<code>ipsecha/model</code>, and one revision is exported. It is run in this page and sent nowhere, and it is not part of the
address: send the file along. A page cannot look at what rules keep from one call to the next, so what breaks is shown, and
nothing is said to hold; <code>npx ipsecha check FILE</code> says that.</p>
<textarea id="own-text" rows="14" spellcheck="false" aria-label="The text of the revision"></textarea>
<div id="own-bar" class="fields"></div>
<div id="own-said" role="status"></div>
</div></details>
<p id="progress" role="status"></p>
<div id="verdicts"></div>
</section>
<section id="run" aria-labelledby="run-title">
<h2 id="run-title" tabindex="-1">The run</h2>
<div id="problem" role="alert"></div>
<p id="about"></p>
<div id="bar" class="bar" role="toolbar" aria-label="Steps"></div>
<p id="step" role="status"></p>
<div id="walking" class="walking">
<div class="drawn"><div id="chart" class="scroll chart" role="region" aria-label="Chart of the run" tabindex="0"></div></div>
<section id="other" class="drawn" aria-labelledby="other-title" hidden><h3 id="other-title">Beside it</h3><div id="other-about"></div>
<div id="other-chart" class="scroll chart" role="region" aria-label="Chart of the run beside it" tabindex="0"></div></section>
<div class="beside">
<section aria-labelledby="rules-title"><h3 id="rules-title">Rules of the step</h3><div id="rules"></div></section>
<section aria-labelledby="instead-title"><h3 id="instead-title">Instead</h3><div id="instead"></div></section>
<section aria-labelledby="next-title"><h3 id="next-title">What can happen next</h3><div id="next"></div></section>
<section aria-labelledby="find-title"><h3 id="find-title">The shortest way from here</h3><div id="find"></div></section>
</div>
</div>
<section aria-labelledby="state-title"><h3 id="state-title">What each box knows</h3><div id="state" class="boxes"></div></section>
<section aria-labelledby="list-title"><h3 id="list-title">The run as a list</h3><ol id="list" class="steps"></ol></section>
</section>
`,
});

/** The style of what only this page has. */
const walkStyle = `
#run-title:focus{outline:0}
.settings{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,16rem),1fr));gap:.7rem 1.2rem;padding:.8rem 1rem}
.settings .changed>span{color:var(--link);font-weight:600}
.ticks{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,24rem),1fr));gap:.3rem 1.2rem;padding:.8rem 1rem}
.own{padding:.6rem 1rem 1rem;display:grid;gap:.6rem}
.own p{margin:0}
textarea{width:100%;font-family:var(--mono);font-size:.85rem;line-height:1.5;resize:vertical}
.walking{display:grid;grid-template-columns:minmax(0,1.55fr) minmax(19rem,1fr);gap:1rem 2rem;align-items:start}
.drawn{position:sticky;top:.5rem}
#walking .chart{max-height:calc(100vh - 1rem);overflow:auto}
.walking.two{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.walking.two .beside{grid-column:1/-1;display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:0 2rem}
.walking.two .drawn{position:static}
#other{margin:0;padding:0;border:0}
#other h3{margin:0 0 .4rem}
#other-about p{margin:.2rem 0 .5rem}
.beside section,#run>section{margin:0 0 1.2rem;padding:0;border:0}
.beside h3,#run>section h3{margin:0 0 .4rem}
.beside ul,.choices{list-style:none;margin:0;padding:0}
.rules li{margin:0 0 .6rem}
.rules p{margin:.1rem 0}
.choices li{margin:0 0 .3rem}
.choices button{width:100%;text-align:left;overflow-wrap:anywhere}
.choices button small{display:block}
.find{display:flex;flex-wrap:wrap;gap:.5rem}
.boxes{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,21rem),1fr));gap:1rem}
.boxes table{border:1px solid var(--line);border-radius:8px;border-collapse:separate;border-spacing:0;align-self:start}
.boxes caption{text-align:left;font-weight:600;padding:.2rem 0}
.boxes :is(th,td){padding:.3rem .6rem;overflow-wrap:anywhere}
.boxes th{white-space:normal;font-weight:400;width:50%;vertical-align:top}
.boxes tr:last-child>*{border-bottom:0}
.boxes .changed>*{background:var(--here)}
.boxes .changed td{font-weight:600}
.boxes .was{display:block;font-weight:400;color:var(--quiet)}
table.verdicts :is(td:first-child,button){white-space:nowrap}
@media (max-width:60rem){
.walking,.walking.two{grid-template-columns:minmax(0,1fr)}
.drawn{position:static}
#walking .chart{max-height:70vh}
table.verdicts td:first-child{white-space:normal}}
@media print{
#choose,.bar,#instead,#next,#find,#instead-title,#next-title,#find-title{display:none}
.walking{display:block}
.drawn{position:static}
#walking .chart{max-height:none;overflow:visible;border:0}
#walking .band{fill:none}
.steps button{color:var(--ink)}}
`;
