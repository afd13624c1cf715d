/** Which rules embody each clause of the texts, and how many clauses none does. */
import {
  type Clause,
  type ClauseActor,
  type ClauseDocument,
  type ClauseLevel,
  clauseLink,
  clauses,
  isModelled,
  type RuleId,
} from '../../model/index.ts';
import { drawTable, type TableStyle } from './table.ts';

/** How many clauses there are; each is either modelled or not. */
export interface ClauseCounts {
  readonly clauses: number;
  /** Of these, the ones with a keyword of RFC 2119. */
  readonly withKeyword: number;
  /** Embodied by at least one rule. */
  readonly modelled: number;
  readonly notModelled: number;
}

/** A clause as `ipsecha rules --coverage --json` prints it. */
export interface CoveredClause {
  readonly id: string;
  readonly section: string;
  /** Place in the list of the section, from 1. */
  readonly bullet?: number;
  readonly level: ClauseLevel;
  readonly actor: ClauseActor;
  readonly says: string;
  /** The section at the RFC Editor. */
  readonly link: string;
  /** Ids of the rules that embody it; empty if it is not modelled. */
  readonly rules: readonly RuleId[];
  /** Why it is not modelled: begins with `because`. */
  readonly notModelled?: string;
}

/** The clauses of a document, in the order of its text. */
export interface DocumentCoverage {
  readonly document: ClauseDocument;
  readonly counts: ClauseCounts;
  readonly clauses: readonly CoveredClause[];
}

const documents: readonly ClauseDocument[] = [...new Set(clauses.map(({ document }) => document))];

export const coverage = (): readonly DocumentCoverage[] =>
  documents.map((document) => {
    const own = clauses.filter((clause) => clause.document === document);
    return { document, counts: countsOf(own), clauses: own.map(covered) };
  });

/** `RFC 6311` */
export const documentName = (document: string): string => document.replace(/^RFC/, 'RFC ');

export function countsOf(all: readonly Clause[]): ClauseCounts {
  const modelled = all.filter(isModelled).length;
  return {
    clauses: all.length,
    withKeyword: all.filter(({ level }) => level !== 'stated').length,
    modelled,
    notModelled: all.length - modelled,
  };
}

function covered(clause: Clause): CoveredClause {
  const { id, section, bullet, level, actor, says } = clause;
  return {
    id,
    section,
    ...(bullet === undefined ? {} : { bullet }),
    level,
    actor,
    says,
    link: clauseLink(clause),
    rules: isModelled(clause) ? clause.by : [],
    ...(isModelled(clause) ? {} : { notModelled: clause.notModelled }),
  };
}

/** `RFC 6311: 110 clauses, 32 of them with a keyword; 90 by rules, 20 not modelled` */
export const countsText = ({ document, counts }: Pick<DocumentCoverage, 'document' | 'counts'>): string =>
  `${documentName(document)}: ${counts.clauses} clauses, ${counts.withKeyword} of them with a keyword; ${counts.modelled} by rules, ${counts.notModelled} not modelled`;

/** All clauses as tables, then the counts. */
export function coverageText(style: TableStyle): string {
  const all = coverage();
  const tables = all.map(
    ({ document, clauses: own }) =>
      `${documentName(document)}\n\n${drawTable(
        {
          head: ['clause', 'level', 'kept by', 'what it says (wording ours)', 'rules'],
          rows: own.map(({ id, level, actor, says, rules, notModelled }) => [
            id,
            level,
            actor,
            says,
            notModelled === undefined
              ? rules.join(', ')
              : { text: `not modelled, ${notModelled}`, tone: 'quiet' },
          ]),
        },
        style,
      )}\n`,
  );
  return `${tables.join('')}${all.map((each) => `${countsText(each)}\n`).join('')}
clause: section, then the bullet, or p and the paragraph; b, c and so on for further clauses there
level: keyword of RFC 2119, or stated without one; MUST NOT and SHOULD NOT belong to what is said
`;
}
