/** All pages of the site, in the order in which they are listed. */
import { ablationPage } from './ablation.ts';
import { checkPages, checksPage } from './checks.ts';
import { citePage } from './cite.ts';
import { clausesPage } from './clauses.ts';
import type { SiteContent } from './content.ts';
import { eventsPage } from './events.ts';
import { findingsPage } from './findings.ts';
import { anomaliesPage, capturesPage, guidePage, otherPages } from './guides.ts';
import { indexPage } from './index-page.ts';
import { judgePage } from './judge.ts';
import { type Page, pageMarkup } from './page.ts';
import { proofsPage } from './proofs.ts';
import { propertiesPage, propertyPages } from './properties.ts';
import { revisionPages, revisionsPage } from './revisions.ts';
import { rulePages, rulesPage } from './rules.ts';
import { scenarioPages, scenariosPage, settingsPage } from './scenarios.ts';
import { entriesOf, searchPage } from './search.ts';
import { textExamplesPage } from './text-examples.ts';
import { tracePages, tracesPage } from './traces.ts';
import { walkPage } from './walk.ts';

/** A file of the site. */
export interface SiteFile {
  readonly name: string;
  readonly markup: string;
}

/** The same content gives the same files, octet for octet. */
export function siteFiles(content: SiteContent): readonly SiteFile[] {
  const pages = sitePages(content);
  const listed = [...pages, searchPage('', [])];
  const files = pages.map((page) => ({ name: page.file, markup: pageMarkup(page, listed, content) }));
  const index = pages.flatMap((page, at) => entriesOf(page, files[at]?.markup ?? ''));
  const search = searchPage(content.scripts.search, index);
  return [...files, { name: search.file, markup: pageMarkup(search, listed, content) }];
}

const sitePages = (content: SiteContent): readonly Page[] => [
  indexPage(content),
  guidePage(content),
  findingsPage(content),
  walkPage(content.scripts.walk),
  judgePage(content.scripts.judge),
  rulesPage(),
  ...rulePages(content),
  clausesPage(),
  textExamplesPage(),
  propertiesPage(),
  ...propertyPages(content),
  ablationPage(content),
  revisionsPage(content),
  ...revisionPages(content),
  scenariosPage(),
  ...scenarioPages(content),
  settingsPage(content),
  checksPage(content),
  ...checkPages(content),
  proofsPage(content),
  tracesPage(content),
  ...tracePages(content),
  capturesPage(content),
  anomaliesPage(content),
  eventsPage(content),
  citePage(content),
  ...otherPages(content),
];
