/** docs/bounds.md: how far each scenario is explored at each size, and what that takes. */
import * as Schema from '@effect/schema/Schema';
import { boundsText } from './bounds.ts';

const Row = Schema.Struct({
  scenario: Schema.String,
  size: Schema.String,
  bounds: Schema.Record(Schema.String, Schema.Union([Schema.String, Schema.Number])),
  states: Schema.Number,
  transitions: Schema.Number,
  depth: Schema.Number,
  /** Whether every reachable state was visited. */
  complete: Schema.Boolean,
  bytesPerState: Schema.Number,
  /** Wall-clock seconds of the whole command. */
  seconds: Schema.Number,
  /** Properties that do not hold, each with the length of the shortest counterexample or `inconclusive`. */
  broken: Schema.Array(Schema.String),
});

export type BoundsRow = typeof Row.Type;

/** @throws if the text is no list of rows */
export const readBounds = (text: string): readonly BoundsRow[] =>
  Schema.decodeUnknownSync(Schema.Array(Row))(JSON.parse(text));

const INTRODUCTION = `# How far the scenarios are explored

RFC 6311 in every scenario, at the sizes \`medium\` and \`large\`, with one worker: \`small\` is what \`npm start\` explores.
Bounds that are not named have their usual values (\`ipsecha scenarios\`), and what has no row was not measured. Bytes are those of the tables for each state;
seconds are those of the whole command on one machine, two cores of which did other work besides, and at times much. At
size \`large\`, packets-during-failover, packets-multiple-failover, message-id-only, combined, child-sas and negotiation
were last measured before adoption takes the higher values, P1 is shared and properties were added; all else since then.

Made by \`npm run bench:bounds -- medium\` and \`npm run bench:bounds -- large\`.
`;

export function boundsPage(rows: readonly BoundsRow[]): string {
  const sizes = ['medium', 'large'].map((size) => {
    const lines = rows.filter((row) => row.size === size).map(rowText);
    return `
## ${size}

| scenario | bounds | states | transitions | depth | seconds | bytes a state | does not hold (steps) |
| --- | --- | ---: | ---: | ---: | ---: | ---: | --- |
${lines.join('\n')}
`;
  });
  return INTRODUCTION + sizes.join('');
}

function rowText(row: BoundsRow): string {
  const { scenario, bounds, states, transitions, depth, complete, seconds, bytesPerState, broken } = row;
  return `| ${[
    scenario,
    boundsText(bounds),
    `${states.toLocaleString('en')}${complete ? '' : ' (not all)'}`,
    transitions.toLocaleString('en'),
    depth,
    seconds.toFixed(1),
    bytesPerState,
    broken.join(', '),
  ].join(' | ')} |`;
}
