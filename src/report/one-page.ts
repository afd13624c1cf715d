/** The frame of a page that stands by itself, as `--html` writes it: it needs nothing else. */
import { BEGINNING, type Html, html, type Piece, trusted } from './site/html.ts';
import { style } from './site/style.ts';

export interface OnePage {
  /** The command that writes it. */
  readonly command: string;
  /** Version of the package. */
  readonly version: string;
  /** What it is about, for the title. */
  readonly about: string;
  readonly heading: string;
  /** The style of what only this page has. */
  readonly style?: string;
  readonly body: Piece;
}

export const onePage = ({ command, version, about, heading, style: own = '', body }: OnePage): Html =>
  html`${BEGINNING}
<title>ipsecha ${command}: ${about}</title>
<style>${trusted(style)}
.page{display:block;max-width:80rem}
.page table td{overflow-wrap:normal}${trusted(own)}</style>
</head>
<body>
<div class="page">
<main>
<h1>${heading} <span class="version">ipsecha ${version}</span></h1>
${body}
<footer>Written by <code>ipsecha ${command} --html</code>.</footer>
</main>
</div>
</body>
</html>
`;
