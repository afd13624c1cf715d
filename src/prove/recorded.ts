/** `docs/proofs.json`: what is proved of each shipped revision, and which proof needs which rule, as it was recorded. */
import { readFileSync } from 'node:fs';
import { ablatable, ipsecha01, properties, revisions, rfc6311 } from '../../model/index.ts';
import { openProperties } from '../../proofs/open.ts';
import { theorems } from '../../proofs/theorems.ts';

export const RECORD = new URL('../../docs/proofs.json', import.meta.url);

/** The certificate of what is proved of a revision. */
export const certificateFile = (revision: string): string => `proofs/certificates/${revision}.json`;

/** A revision whose theorems are tried without each of its rules. */
export interface Ablated {
  readonly revision: string;
  /** By their ids. */
  readonly rules: readonly string[];
  /** The properties whose theorems are tried. */
  readonly about: readonly string[];
}

const COUNT = 'failover-count-increases';

/** Those that the theorems are written for; of October 2010 the theorems that rest on its Failover Count. */
export const ABLATED: readonly Ablated[] = [
  {
    revision: rfc6311.name,
    rules: ablatable(rfc6311),
    about: theorems.map(({ property }) => property).filter((property) => property !== COUNT),
  },
  { revision: ipsecha01.name, rules: ablatable(ipsecha01), about: ['sync-request-once', COUNT] },
];

/** What came of a proof. */
export interface RecordedProof {
  readonly verdict: 'proved' | 'not proved' | 'inconclusive';
  /** The statements that are not kept, as `step: statement`; none, if it is proved. */
  readonly broken: readonly string[];
  /** Why it is inconclusive. */
  readonly because?: string;
}

/** What is known of a property of a revision. */
export interface RecordedProperty extends Omit<RecordedProof, 'verdict'> {
  readonly revision: string;
  readonly property: string;
  /** `nothing to break`: the revision lacks what the property is about, and no proof is made. */
  readonly verdict: RecordedProof['verdict'] | 'nothing to break';
  readonly assumes: readonly string[];
  /** The command that finds a run in which it is violated. */
  readonly refutedBy?: string;
  readonly questions: number;
  /** SHA-256 of all questions. */
  readonly digest: string;
}

/** A theorem without a rule. */
export interface RecordedCell extends RecordedProof {
  readonly revision: string;
  readonly rule: string;
  readonly property: string;
  /** Whether no function of the rule is called: then the steps are the same, and nothing was asked. */
  readonly isSame?: true;
}

export interface ProofsRecord {
  readonly properties: readonly RecordedProperty[];
  readonly cells: readonly RecordedCell[];
}

/** One entry on a line. */
export const recordText = ({ properties: known, cells }: ProofsRecord): string => {
  const listed = (entries: readonly unknown[]): string =>
    `[\n${entries.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
  return `{\n  "properties": ${listed(known)},\n  "cells": ${listed(cells)}\n}\n`;
};

/** In the order of revisions, rules and theorems, whichever were recorded first. */
export const inOrder = <
  T extends { readonly revision: string; readonly property: string; readonly rule?: string },
>(
  entries: readonly T[],
): readonly T[] => {
  const ranks = ({ revision, property, rule = '' }: T): readonly number[] => [
    revisions.findIndex(({ name }) => name === revision),
    ABLATED.find((each) => each.revision === revision)?.rules.indexOf(rule) ?? 0,
    theorems.findIndex((theorem) => theorem.property === property),
  ];
  return entries.toSorted((one, other) => {
    const [a, b] = [ranks(one), ranks(other)];
    return a.map((rank, index) => rank - (b[index] ?? 0)).find((difference) => difference !== 0) ?? 0;
  });
};

export const recordedProofs = (): ProofsRecord => JSON.parse(readFileSync(RECORD, 'utf8')) as ProofsRecord;

/** What is known of a property of a revision, in the order of doubt. */
export type Standing =
  | { readonly kind: 'proved'; readonly assumes: readonly string[] }
  /** There it cannot be broken: the revision lacks what it is about. */
  | { readonly kind: 'nothing to break' }
  | { readonly kind: 'refuted'; readonly by: string }
  /** A proof was tried, and no run that breaks the property found. */
  | { readonly kind: 'not proved'; readonly broken: readonly string[] }
  /** There is no theorem. */
  | { readonly kind: 'open'; readonly lacks: string }
  | { readonly kind: 'not recorded' };

export function standingOf(
  { properties: known }: ProofsRecord,
  revision: string,
  property: string,
): Standing {
  const open = openProperties.find((each) => each.property === property);
  if (open !== undefined) return { kind: 'open', lacks: open.lacks };
  const found = known.find((each) => each.revision === revision && each.property === property);
  if (found === undefined) return { kind: 'not recorded' };
  if (found.verdict === 'nothing to break') return { kind: 'nothing to break' };
  if (found.verdict === 'proved') return { kind: 'proved', assumes: found.assumes };
  if (found.refutedBy !== undefined) return { kind: 'refuted', by: found.refutedBy };
  return { kind: 'not proved', broken: found.because === undefined ? found.broken : [found.because] };
}

/** All properties, in the order of the model, and what is known of each in each revision. */
export const standings = (
  record: ProofsRecord,
): readonly { readonly property: string; readonly of: readonly Standing[] }[] =>
  properties.map(({ id }) => ({
    property: id,
    of: revisions.map(({ name }) => standingOf(record, name, id)),
  }));

/** The theorems that were tried without the rules of a revision, in their order. */
export const triedOf = ({ cells }: ProofsRecord, revision: string): readonly string[] =>
  theorems
    .map(({ property }) => property)
    .filter((property) => cells.some((cell) => cell.revision === revision && cell.property === property));
