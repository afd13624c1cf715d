/** Colours by day and by night; the pages of the API have them as well (`typedoc-look.ts`). */
export const light = `--ground:#fff;--panel:#f6f7f9;--line:#dfe3e8;--edge:#7d8894;--here:#dcebfb;--ink:#1b2027;--quiet:#5a6572;--link:#0b57a4;
--good:#14693a;--good-ground:#e3f4e9;--bad:#b3261e;--bad-ground:#fce8e6;--doubt:#8a5300;--doubt-ground:#fdf0d9`;
export const dark = `--ground:#12161b;--panel:#1b2128;--line:#323b45;--edge:#75828f;--here:#1d3550;--ink:#e4e8ec;--quiet:#9ca8b4;--link:#82b9f5;
--good:#7fd6a0;--good-ground:#16301f;--bad:#ff9b92;--bad-ground:#3b1b19;--doubt:#f3bd6a;--doubt-ground:#35270f`;

/** The colours that the reader's system asks for, and the types. */
export const palette = `:root{color-scheme:light dark;
${light};
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;
--sans:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
@media (prefers-color-scheme:dark){:root{
${dark}}}
`;

/** The style of every page: light and dark, narrow and wide, screen and paper. */
export const style = `
${palette}*{box-sizing:border-box}
html{scroll-padding-top:1rem;-webkit-text-size-adjust:100%}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.6 var(--sans)}
a{color:var(--link);text-decoration-thickness:1px;text-underline-offset:.18em}
a:has(code),a:has(.badge),nav a,.tiles a{text-decoration:none}
a:hover{text-decoration:underline}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
code,pre{font-family:var(--mono);font-size:.875em}
p,dd,li{overflow-wrap:anywhere}
td{overflow-wrap:break-word}
.page{display:grid;grid-template-columns:18rem minmax(0,1fr);max-width:84rem;margin:0 auto}
nav{position:sticky;top:0;align-self:start;height:100vh;overflow-y:auto;padding:2rem 1rem 2rem 1.5rem;border-right:1px solid var(--line);font-size:.9rem}
nav ul{list-style:none;margin:0;padding:0}
nav>ul>li{position:relative;padding:.15rem 0}
nav li li{padding:.05rem 0;font:.76rem/1.6 var(--mono)}
nav details>ul{padding:.2rem 0 .4rem .7rem;margin-left:.2rem;border-left:1px solid var(--line)}
nav summary{cursor:pointer}
nav .here>a{font-weight:700}
nav .there{margin:.1rem 0 .1rem .7rem;font:.76rem/1.6 var(--mono);overflow-wrap:anywhere}
nav .here>ul{padding:.2rem 0 .4rem .7rem;margin-left:.2rem;border-left:1px solid var(--line)}
.skip{position:absolute;left:-100vw}
.skip:focus{left:1rem;top:1rem;padding:.3rem .8rem;background:var(--ground);z-index:1}
.where{margin:0 0 .5rem;font-size:.875rem;color:var(--quiet)}
h1 code{font-size:.8em;overflow-wrap:anywhere}
main>header{margin-bottom:1.5rem}
main>p,main>ul,main>ol,main>blockquote,.finding>:is(p,ul){max-width:46rem}
main>.title{margin:0 0 .8rem;font-size:1.15rem;font-weight:600}
main>div[id]{margin-top:2.5rem}
.command{margin:.6rem 0 1rem}
.run{margin:.8rem 0 1.2rem;padding-left:1rem;border-left:3px solid var(--line)}
.run .facts{margin:.4rem 0}
ul.plain{list-style:none;margin:0;padding:0}
.good-text{color:var(--good)}
.bad-text{color:var(--bad);font-weight:600}
.doubt-text{color:var(--doubt)}
input[type=search]{width:100%;font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--edge);border-radius:6px;padding:.3rem .6rem}
nav .search{margin:0 0 .8rem;max-width:16rem}
main .search{display:flex;gap:.5rem;max-width:46rem}
.results p{margin:.1rem 0 .8rem}
.brand{margin:0 0 1rem;font-weight:700;font-size:1.1rem}
main{padding:2rem clamp(1rem,4vw,3.5rem) 4rem;min-width:0}
h1{margin:0;font-size:2.2rem;line-height:1.2;letter-spacing:-.02em}
.version{font-weight:400;color:var(--quiet)}
.lead{margin:.4rem 0 1.5rem;font-size:1.15rem;color:var(--quiet);max-width:46rem}
h2{margin:0 0 1rem;font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
h3{margin:0 0 .3rem;font-size:1.05rem;line-height:1.4;overflow-wrap:anywhere}
h4{margin:1.4rem 0 .4rem;font-size:.95rem}
main>section{margin-top:4rem;padding-top:2rem;border-top:1px solid var(--line)}
section>p,article>p{max-width:46rem}
section>h3{margin:2.5rem 0 .3rem}
article{margin:0 0 1.5rem;padding:1.3rem 1.5rem;border:1px solid var(--line);border-radius:10px;scroll-margin-top:1rem}
article>:last-child{margin-bottom:0}
article:target{border-color:var(--link);box-shadow:0 0 0 1px var(--link)}
article>.title{margin:0 0 .5rem;font-size:1.1rem;font-weight:600}
article>p{margin:.4rem 0}
h3 code{font-size:.95rem;color:var(--quiet)}
.anchor{color:var(--quiet);text-decoration:none;font-weight:400}
.quiet,small,.try,figcaption,footer{color:var(--quiet)}
small{font-size:.85em}
.try{font-size:.875rem}
.facts{margin:1rem 0;font-size:.925rem}
.facts>div{display:grid;grid-template-columns:11rem minmax(0,1fr);gap:.2rem 1rem;padding:.22rem 0}
.facts dt{color:var(--quiet);overflow-wrap:anywhere}
.facts dd,.legend dd{margin:0}
.legend{margin:1rem 0 1.5rem;padding:1rem 1.5rem;background:var(--panel);border-radius:10px;font-size:.925rem}
.legend p{margin:0 0 .4rem;color:var(--quiet)}
.legend dl{margin:0}
.legend dl>div{display:flex;gap:1rem}
.legend dt{min-width:.8em}
.legend dt,.chip{font-weight:600}
.chip{display:inline-block;padding:0 .5em;border:1px solid var(--line);border-radius:5px;font-size:.85em}
figure{margin:1rem 0}
figcaption{font-size:.8rem;margin-bottom:.35rem;overflow-wrap:anywhere}
pre{margin:0;padding:.9rem 1.1rem;overflow-x:auto;background:var(--panel);border-radius:8px;line-height:1.55}
.scroll{overflow-x:auto;margin:1rem 0 1.5rem}
table{border-collapse:collapse;width:100%;font-size:.9rem;line-height:1.45}
caption{text-align:left;font-size:.8rem;color:var(--quiet);padding:0 0 .3rem}
th,td{padding:.5rem .9rem .5rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
th{font-size:.8rem;font-weight:600;color:var(--quiet);white-space:nowrap;vertical-align:bottom}
td>a>code{white-space:nowrap}
table.index td{overflow-wrap:normal}
table.findings td:first-child{min-width:7rem}
table.findings td{overflow-wrap:normal}
table.findings td:last-child{min-width:18rem}
table.traces td>a{white-space:nowrap}
table.matrix{width:auto}
table.matrix :is(td,th){padding:.25rem .35rem}
table.matrix td{text-align:center;min-width:2.1rem;font-variant-numeric:tabular-nums}
table.matrix th[scope=rowgroup],table.matrix tbody th[scope=row]{vertical-align:top;color:var(--ink);padding-left:0}
table.matrix td:nth-child(even of td){background:var(--panel)}
table.matrix tbody{border-bottom:2px solid var(--line)}
th.upright{height:13rem;text-align:left;padding:.35rem}
th.upright span{writing-mode:vertical-rl;transform:rotate(180deg)}
table.summary th[scope=row]{vertical-align:top}
tr:target{outline:2px solid var(--link)}
table.compact{width:auto}
table.compact td,table.compact th{padding:.25rem 2rem .25rem 0}
.number{font-variant-numeric:tabular-nums;white-space:nowrap}
.badge{display:inline-block;padding:.05em .6em;border-radius:999px;font-size:.85em;font-weight:600;white-space:nowrap}
.good{color:var(--good);background:var(--good-ground)}
.bad{color:var(--bad);background:var(--bad-ground)}
.doubt{color:var(--doubt);background:var(--doubt-ground)}
svg .bad,svg .doubt{background:none}
.value{display:inline-block;margin-right:1rem}
.long{overflow-wrap:anywhere}
.outcome{display:inline-block;margin:0 0 1rem;padding:.5rem 1rem;border-radius:8px;font-weight:600}
.outcome p{margin:0}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.25rem;padding:0;list-style:none}
.tiles a{display:block;min-width:7rem;padding:.7rem 1.1rem;background:var(--panel);border-radius:10px;color:var(--quiet);font-size:.9rem}
.tiles b{display:block;font-size:1.7rem;line-height:1.2;color:var(--ink)}
.cite{margin-top:1.5rem;padding:1.1rem 1.5rem;background:var(--panel);border-radius:10px}
.cite h2{font-size:1rem;margin:0 0 .4rem}
.cite p{margin:.3rem 0}
main details{margin:.6rem 0;border:1px solid var(--line);border-radius:10px}
main summary{padding:.6rem 1rem;cursor:pointer}
main details[open]>summary{border-bottom:1px solid var(--line)}
main details>:is(p,ul,.scroll){margin-left:1rem;margin-right:1rem}
details>p{font-size:.875rem}
main summary+.chart{margin-top:1rem;margin-bottom:.5rem}
.chart:target{outline:2px solid var(--link);outline-offset:4px;border-radius:4px}
.chart svg{display:block;max-width:none}
footer{margin-top:4rem;font-size:.875rem}
@media (max-width:60rem){
.page{display:block}
nav{position:static;height:auto;max-height:none;padding:1rem;border-right:0;border-bottom:1px solid var(--line)}
table.index :is(th,td):nth-child(2),table.index :is(th,td):nth-child(3){display:none}
nav>ul{display:flex;flex-wrap:wrap;gap:0 1rem;max-height:9.5rem;overflow-y:auto}
nav .here{flex-basis:100%;order:-1}
main>section{margin-top:2.5rem}
article{padding:1rem}
h1{font-size:1.8rem}
.facts>div{grid-template-columns:6.5rem minmax(0,1fr)}}
@media print{
:root{color-scheme:light;--ground:#fff;--panel:#f6f7f9;--line:#ccc;--edge:#777;--here:#eee;--ink:#000;--quiet:#444;--link:#000;
--good:#14693a;--good-ground:#fff;--bad:#b3261e;--bad-ground:#fff;--doubt:#8a5300;--doubt-ground:#fff}
body{font-size:10pt}
nav,.anchor,.skip{display:none}
.page{display:block}
main{padding:0}
article,.scroll{break-inside:avoid}
h2,h3,h4{break-after:avoid}
.scroll,pre{overflow:visible}
pre{white-space:pre-wrap}
.chart svg{max-width:100%;height:auto}
details::details-content{content-visibility:visible;height:auto}}
`;

/** The style of pages that take the whole width, and have something to fill in: those that are programs. */
export const wideStyle = `
.page.wide{display:block;max-width:100rem}
.page.wide>nav{position:static;height:auto;padding:1rem clamp(1rem,3vw,2.5rem);border-right:0;border-bottom:1px solid var(--line)}
.page.wide>nav .short{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;margin:0 0 .4rem}
.page.wide>nav [aria-current]{font-weight:700}
.page.wide>nav details>ul{display:flex;flex-wrap:wrap;gap:0 1rem;border:0;margin:0;padding:.4rem 0 0}
.page.wide>nav .brand{margin:0 0 .4rem}
.page.wide>main{padding:1.5rem clamp(1rem,3vw,2.5rem) 3rem}
.page.wide main>section{margin-top:2rem;padding-top:1.5rem}
.page.wide .lead{font-size:1rem;max-width:60rem;margin-bottom:0}
form{display:grid;gap:.6rem}
form details,form>p{margin:0}
.fields{display:flex;flex-wrap:wrap;gap:.8rem 1.2rem;align-items:end}
label{display:grid;gap:.15rem;font-size:.875rem;color:var(--quiet);min-width:0}
label.tick{display:flex;gap:.5rem;align-items:baseline;color:var(--ink)}
select,input,button,textarea{font:inherit;color:var(--ink);background:var(--ground);border:1px solid var(--edge);border-radius:6px;padding:.35rem .6rem;max-width:100%}
input[type=number]{width:7rem}
button{cursor:pointer;background:var(--panel)}
button:hover:not(:disabled){border-color:var(--link)}
button:disabled{color:var(--quiet);cursor:default;opacity:.7}
button.main{background:var(--link);border-color:var(--link);color:var(--ground);font-weight:600}
#progress{min-height:1.6em;margin:.6rem 0 0;color:var(--quiet);font-variant-numeric:tabular-nums}
.bar{display:flex;flex-wrap:wrap;gap:.5rem;align-items:center}
.bar .where-at{min-width:9rem;text-align:center;margin:0;font-variant-numeric:tabular-nums}
#step{margin:.8rem 0;font-size:1.1rem;font-weight:600;min-height:1.6em}
#step .bad{display:block;background:none;font-size:1rem}
.steps{padding-left:2rem}
.steps button{border:0;background:none;padding:.1rem .3rem;text-align:left}
.steps [aria-current]{font-weight:700;background:var(--here)}
.steps li:has([aria-current])::marker{font-weight:700}
#walking .chart{margin:0;border:1px solid var(--line);border-radius:10px}
#walking .band{fill:transparent;cursor:pointer}
#walking .band:hover{fill:var(--panel)}
#walking .band.here{fill:var(--here)}
`;
