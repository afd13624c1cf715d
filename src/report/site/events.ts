/** The events that every reader of traces produces, and where their fields come from. */
import { PAGE } from './anchors.ts';
import type { SiteContent } from './content.ts';
import { html, NOTHING } from './html.ts';
import type { Page } from './page.ts';
import { table } from './parts.ts';

export const eventsPage = ({ mapping, hasApi }: SiteContent): Page => ({
  file: PAGE.events,
  title: 'Event schema',
  groups: [],
  body: html`<p>Captures, logs and JSON Lines are all read into the same events; a message is then put into the words of the
specification. <code>npx ipsecha schema events</code> prints the JSON Schema${hasApi ? html`; the <a href="api/index.html">API</a> says what each field means` : NOTHING}.</p>
${table(
  'Specification, events and Wireshark',
  ['In the specification', 'In an event', 'In Wireshark'],
  mapping.map(([specification, event, wireshark]) => [
    specification,
    html`<code>${event}</code>`,
    html`<code>${wireshark}</code>`,
  ]),
)}`,
});
