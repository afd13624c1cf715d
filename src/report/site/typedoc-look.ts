/**
 * A plugin of typedoc: the pages of the API look like those of the site, and lead back to it. `npm run docs` names it in
 * `typedoc.json`.
 */
import { type Application, JSX } from 'typedoc';
import { PAGE } from './anchors.ts';
import { dark, light, palette } from './style.ts';

/** Pages that the site has in any case. */
const LINKS = [
  [PAGE.index, 'Overview'],
  [PAGE.findings, 'Findings'],
  [PAGE.rules, 'Rules'],
  [PAGE.checks, 'Checks'],
  [PAGE.walk, 'Walk'],
  [PAGE.judge, 'Judge a capture'],
] as const;

/** Typedoc calls it. The pages lie in a folder of the site. */
export function load(app: Application): void {
  app.renderer.hooks.on('head.end', () => JSX.createElement(JSX.Raw, { html: `<style>${look}</style>` }));
  app.renderer.hooks.on('body.begin', ({ relativeURL }) =>
    JSX.createElement(
      'nav',
      { class: 'site', 'aria-label': 'The site' },
      ...LINKS.map(([file, title]) => JSX.createElement('a', { href: relativeURL(`../${file}`) }, title)),
    ),
  );
}

/** Its variables, of both schemes and of the one that was chosen on the page, by ours. */
const look = `${palette}
:root,:root[data-theme=light],:root[data-theme=dark]{
--color-background:var(--ground);--color-background-secondary:var(--panel);--color-background-navbar:var(--panel);
--color-background-active:var(--here);--color-active-menu-item:var(--here);--color-accent:var(--line);
--color-text:var(--ink);--color-contrast-text:var(--ink);--color-text-aside:var(--quiet);--color-link:var(--link);
--color-focus-outline:var(--link);--color-icon-background:var(--ground);--color-comment-tag-text:var(--ink);
--color-comment-tag:var(--panel);--code-background:var(--panel)}
:root[data-theme=light]{color-scheme:light;${light}}
:root[data-theme=dark]{color-scheme:dark;${dark}}
body{font:16px/1.6 var(--sans)}
code,pre,.tsd-signature,.tsd-kind-parameter{font-family:var(--mono)}
a{text-decoration-thickness:1px;text-underline-offset:.18em}
h1{font-size:2.2rem;line-height:1.2;letter-spacing:-.02em}
h2{font-size:1.6rem;line-height:1.25;letter-spacing:-.01em}
.tsd-typography p,.tsd-comment{max-width:46rem}
.tsd-signature,pre{border-color:var(--line);border-radius:8px}
nav.site{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;padding:.6rem 2rem;font-size:.9rem;border-bottom:1px solid var(--line)}
nav.site a{color:var(--link);text-decoration:none}
nav.site a:hover{text-decoration:underline}
@media print{nav.site{display:none}}
`;
