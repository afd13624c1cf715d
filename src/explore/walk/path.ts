/**
 * A walk as a list of choices, which says what was done without naming any value: so it can be followed with some
 * of the choices left out, though what was numbered 5 is then numbered 4.
 *
 * A choice is a rule and which of the ways in which it can be taken at that point, counted in the order of the
 * messages that it can receive (by the order of their sending), then of its outcomes. A rule that cannot be taken
 * is passed over; a count that is too high begins again at 0.
 */

export interface Choice {
  /** Index of the rule in the system. */
  readonly rule: number;
  /** Which way, from 0. */
  readonly pick: number;
}

export interface Path {
  /** Index of the initial state in the system. */
  readonly initial: number;
  readonly choices: readonly Choice[];
}

/** The path as one word: `0:3.0-12.1-3.0`; the initial state is left out if it is the first. */
export const pathText = ({ initial, choices }: Path): string =>
  (initial === 0 ? '' : `${initial}:`) + choices.map(({ rule, pick }) => `${rule}.${pick}`).join('-');

/** The path that a word stands for; undefined if it is none. */
export function pathOf(text: string): Path | undefined {
  const [, initial = '0', choices = ''] = /^(?:(\d{1,6}):)?((?:\d{1,6}\.\d{1,6}(?:-|$))+)$/.exec(text) ?? [];
  if (choices === '' || choices.endsWith('-')) return undefined;
  return {
    initial: Number(initial),
    choices: choices.split('-').map((choice): Choice => {
      const [rule, pick] = choice.split('.');
      return { rule: Number(rule), pick: Number(pick) };
    }),
  };
}
