/**
 * A run and where one stands in it, as one line that can stand behind the `#` of an address:
 *
 *     revision=ikev2&scenario=single-failover&property=message-id-monotonicity&steps=request.A,failover.A.B,request.B&at=3
 *
 * Only what is other than in the scenario stands there: `size`, `set` (once for each setting), `without` (once for each
 * rule that is left out), `start` (which initial state, from 0), `loop` (how many steps come before those that repeat for
 * ever, of a run without end), `at` (how many of the steps were taken; absent: none); and `other`, `other-set` and
 * `other-without` of what is followed beside it, on the same steps.
 */
import type { Size } from '../../model/index.ts';
import type { NamedRun } from './run-steps.ts';

/** What is explored. */
export interface WalkSubject {
  /** Name of a shipped revision. */
  readonly revision: string;
  readonly scenario: string;
  readonly size: Size;
  /** As for `--set`: `bump=0`. */
  readonly set: readonly string[];
  /** Ids of rules that are left out. */
  readonly without: readonly string[];
}

export interface WalkAddress extends WalkSubject, NamedRun {
  /** What the run shows: the property that it violates. */
  readonly property?: string;
  /** The steps from this index on repeat for ever; if there are none, nothing more happens. Absent: the run has an end. */
  readonly loop?: number;
  /** Steps taken, from 0. */
  readonly at: number;
  /** What goes the same steps beside it, in the same scenario; absent: nothing. */
  readonly other?: Pick<WalkSubject, 'revision' | 'set' | 'without'>;
}

/** The address as text, without the `#`. */
export function addressText(address: WalkAddress): string {
  const { revision, scenario, size, set, without, property, start, steps, loop, at, other } = address;
  const parts: readonly (readonly [string, string | number])[] = [
    ['revision', revision],
    ['scenario', scenario],
    ...(size === 'small' ? [] : [['size', size] as const]),
    ...set.map((change) => ['set', change] as const),
    ...without.map((rule) => ['without', rule] as const),
    ...(property === undefined ? [] : [['property', property] as const]),
    ...(start === 0 ? [] : [['start', start] as const]),
    ...(steps.length === 0 ? [] : [['steps', steps.join(',')] as const]),
    ...(loop === undefined ? [] : [['loop', loop] as const]),
    ...(at === 0 ? [] : [['at', at] as const]),
    ...(other === undefined
      ? []
      : [
          ['other', other.revision] as const,
          ...other.set.map((change) => ['other-set', change] as const),
          ...other.without.map((rule) => ['other-without', rule] as const),
        ]),
  ];
  return parts.map(([key, value]) => `${key}=${escaped(String(value))}`).join('&');
}

/** What an address cannot have in it, but for `=`, `,`, `:` and `/`, which it can. */
const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/%(?:3D|2C|3A|2F)/g, decodeURIComponent);

/** The address that a text stands for, or what is wrong with it. Names are not looked at. */
export function addressOf(text: string): WalkAddress | { readonly wrong: string } {
  const all = new Map<string, string[]>();
  for (const part of text.split('&').filter((each) => each !== '')) {
    const [, key = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? [];
    if (!KEYS.includes(key))
      return { wrong: `'${key}' is no part of an address: there are ${KEYS.join(', ')}` };
    try {
      all.set(key, [...(all.get(key) ?? []), decodeURIComponent(value)]);
    } catch {
      return { wrong: `'${value}' is cut off` };
    }
  }
  const one = (key: string): string | undefined => all.get(key)?.at(-1);
  const size = one('size') ?? 'small';
  if (!isSize(size)) return { wrong: `size is small, medium or large, not '${size}'` };
  const [revision, scenario, property, other] = ['revision', 'scenario', 'property', 'other'].map(one);
  if (revision === undefined || scenario === undefined) {
    return { wrong: 'an address names a revision and a scenario' };
  }
  const steps = (one('steps') ?? '').split(',').filter((each) => each !== '');
  const number = (key: string, most: number): number =>
    Math.min(most, Math.max(0, Math.trunc(Number(one(key) ?? 0)) || 0));
  return {
    revision,
    scenario,
    size,
    set: all.get('set') ?? [],
    without: all.get('without') ?? [],
    ...(property === undefined ? {} : { property }),
    start: number('start', Number.MAX_SAFE_INTEGER),
    steps,
    ...(all.has('loop') ? { loop: number('loop', steps.length) } : {}),
    at: number('at', steps.length),
    ...(other === undefined
      ? {}
      : {
          other: {
            revision: other,
            set: all.get('other-set') ?? [],
            without: all.get('other-without') ?? [],
          },
        }),
  };
}

const KEYS = [
  'revision',
  'scenario',
  'size',
  'set',
  'without',
  'property',
  'start',
  'steps',
  'loop',
  'at',
  'other',
  'other-set',
  'other-without',
];

const isSize = (text: string): text is Size => ['small', 'medium', 'large'].includes(text);
