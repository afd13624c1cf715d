/** The commands of `docs/findings.md`: each stands in a block of its own, with its bounds and what it found. */

/** A command, the settings that it was run with, and what it found. */
export interface FindingRun {
  /** Without `ipsecha`. */
  readonly command: string;
  readonly bounds: string;
  readonly found: string;
  /** Where nothing breaks, a run to show: which step it ends with. */
  readonly draws?: string;
}

/** Which step a run ends with: one that a rule shapes, `alone` or among others; at the peer or at one member if that is named. */
export interface DrawnStep {
  readonly rule: string;
  readonly alone: boolean;
  readonly place?: string;
}

/** `RULE`, `RULE alone`, `RULE at peer`, `RULE alone at member B`; undefined if it is not written so. */
export function drawnStep(draws: string): DrawnStep | undefined {
  const { rule, alone, place } =
    /^(?<rule>[A-Z0-9.-]+)(?<alone> alone)?(?: at (?<place>.+))?$/.exec(draws)?.groups ?? {};
  return rule === undefined
    ? undefined
    : { rule, alone: alone !== undefined, ...(place !== undefined && { place }) };
}

/** How a block is marked: the language after its three backticks. */
export const FINDING_LANGUAGE = 'finding';

/** A block without its marks; undefined if it is not written as such a block is. */
export function findingRun(block: string): FindingRun | undefined {
  const { command, bounds, found, draws } =
    /^\$ ipsecha (?<command>.+)\nwith (?<bounds>.*)\nfinds (?<found>.+?)(?:\ndraws (?<draws>.+))?$/.exec(
      block,
    )?.groups ?? {};
  return command === undefined || bounds === undefined || found === undefined
    ? undefined
    : { command, bounds, found, ...(draws !== undefined && { draws }) };
}

/** The block as it is written, with its marks. */
export const findingBlock = ({ command, bounds, found, draws }: FindingRun): string =>
  `\`\`\`${FINDING_LANGUAGE}\n$ ipsecha ${command}\nwith ${bounds}\nfinds ${found}\n${draws === undefined ? '' : `draws ${draws}\n`}\`\`\``;

/** Every block of a text. One that is not written as it should be is left out. */
export const findingRunsIn = (text: string): readonly FindingRun[] =>
  text
    .split(`\`\`\`${FINDING_LANGUAGE}\n`)
    .slice(1)
    .flatMap((part) => findingRun(part.slice(0, part.indexOf('\n```'))) ?? []);

/** What stands under the heading of each finding, by the id that the heading begins with. */
export const findingsByIdIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/^### /m).flatMap((part): readonly (readonly [string, string])[] => {
      const [, id] = /^(F-\d+): /.exec(part) ?? [];
      return id === undefined ? [] : [[id, part.split(/^## /m)[0] ?? '']];
    }),
  );
