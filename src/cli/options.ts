/** Options that several commands have, and how the texts behind them are read. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { REDUCTIONS, type ReductionName } from '../explore/options.ts';
import { type Shard, shardOf } from '../questions/shard.ts';
import { type Roles, withRole } from '../traces/roles.ts';
import { endIn } from './ending.ts';
import type { Exit } from './exit.ts';

/** Gives a command its arguments, options, help and action. */
export type Define = (command: Command) => Command;

/** Formats of traces, as in `traces/sources/format.ts`, which is not loaded for the sake of a list. */
export const FORMATS = [
  ...['pcap', 'jsonl', 'tshark-json', 'tshark-ek'],
  ...['charon', 'cisco', 'fortios', 'iked', 'ikemgr', 'pluto', 'tcpdump', 'xfrm'],
];

/** Adds a reduction to those that are not to be made. */
export function reduction(name: string, others: readonly ReductionName[]): readonly ReductionName[] {
  const found = REDUCTIONS.find((each) => each === name);
  if (found === undefined) throw new InvalidArgumentError(`Allowed choices are ${REDUCTIONS.join(', ')}.`);
  return [...others, found];
}

/** Adds a hint about an address. */
export function role(hint: string, others: Roles): Roles {
  const roles = withRole(others, hint);
  if ('reason' in roles) throw new InvalidArgumentError(roles.reason);
  return roles.value;
}

/** The options of the commands that explore many times; `set`: whether --set is for the whole command. */
export const exploring = (command: Command, { set = true } = {}): Command => {
  command
    .option('--scenario <name>', 'scenario to explore; may be repeated (all, if none is named)', collect, [])
    .addOption(
      new Option('--size <size>', 'how large').choices(['small', 'medium', 'large']).default('small'),
    )
    .option('--workers <n>', WORKERS, whole(1, MOST_WORKERS))
    .option('--time <seconds>', 'end each exploration (inconclusive) after this time', positive, 30)
    .option('--memory <GiB>', 'end each exploration (inconclusive) at this much memory', positive)
    .option('--json', 'print one JSON document');
  return set
    ? command.option('--set <key=value>', 'change a setting of the scenarios; may be repeated', collect, [])
    : command;
};

/** An answer is printed in one form. */
export const markdown = (): Option => new Option('--markdown', 'print Markdown').conflicts('json');

export const DECODE_AS =
  'a further port that carries IKE and ESP, as udp.port=4501 or tcp.port=4501; may be repeated';

export const WORKERS = 'threads for each exploration that is large (1); what is found does not depend on it';
export const MOST_WORKERS = 17;
export const SHARD =
  'explore only every N-th job, from the I-th on; merge joins the results (docs/sharding.md)';

export const shard = (text: string): Shard => shardOf(text);

/** An action whose exit status the program ends in. Commander passes the command itself last, which no action wants. */
export function ends<Arguments extends unknown[]>(action: (...args: Arguments) => Promise<Exit>) {
  return async (...args: Arguments): Promise<void> => {
    endIn(await action(...args));
  };
}

export const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** A whole number in a range. */
export const whole =
  (least: number, most: number) =>
  (value: string): number => {
    const number = /^\d+$/.test(value) ? Number(value) : Number.NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It has to be a whole number from ${least} to ${most}.`);
  };

export function positive(value: string): number {
  const number = Number(value);
  if (Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError('It has to be a number above 0.');
}
