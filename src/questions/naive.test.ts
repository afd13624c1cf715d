/**
 * The explorer, and the specification as it is put to it, against the plainest exploration there is: straight from
 * `compose`, states as text in a map, every step asked for anew, progress by going backwards.
 */
import { expect, test } from 'vitest';
import {
  COUNTS,
  compose,
  ikev2,
  ipsecha00,
  ipsecha01,
  isInStep,
  type Member,
  type Message,
  type Revision,
  recoveryPossible,
  rfc6311,
  type Settings,
  safetyProperties,
  scenarios,
  type Value,
  without,
} from '../../model/index.ts';
import { REDUCTIONS } from '../explore/options.ts';
import { check } from './check.ts';

interface State {
  readonly values: readonly Value[];
  readonly sent: readonly string[];
  /** The state of each monitor, in an array; null once its property is violated. */
  readonly monitors: readonly (readonly [unknown] | null)[];
}

interface Node {
  readonly state: State;
  readonly depth: number;
  /** Where one comes from by steps that count for recovery. */
  readonly before: Set<string>;
  /** Whether a bound alone forbids a step that counts for recovery. */
  cutOff: boolean;
}

function exploreNaively(revision: Revision, settings: Settings) {
  const { places, initial, steps } = compose(revision, settings);
  const indexOf = (name: string) => places.findIndex((place) => place.name === name);
  const nodes = new Map<string, Node>();
  const queue: string[] = [];
  const found: Record<string, number> = {};
  let transitions = 0;

  const reach = (state: State, depth: number): Node => {
    const key = textOf(state);
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const node: Node = { state, depth, before: new Set(), cutOff: false };
    nodes.set(key, node);
    queue.push(key);
    return node;
  };

  for (const values of initial)
    reach({ values, sent: [], monitors: safetyProperties.map(({ watch }) => [watch.initial]) }, 0);
  for (const key of queue) {
    const node = nodes.get(key)!;
    const { values, sent, monitors } = node.state;
    for (const step of steps) {
      const counts = ['receive', 'retry', 'tell-sync', 'tell-bump', 'send'].includes(step.kind);
      const touched = step.places.map(indexOf);
      const seen = touched.map((index) => values[index]!);
      const answers = step.receives
        ? sent.map((message) => step.take(seen, JSON.parse(message) as Message))
        : [step.take(seen)];
      for (const answer of answers) {
        if (answer === 'impossible') continue;
        if ('boundedBy' in answer) {
          if (counts) node.cutOff = true;
          continue;
        }
        transitions++;
        const next = [...values];
        touched.forEach((index, at) => {
          next[index] = answer.values[at]!;
        });
        const after = reach(
          {
            values: next,
            sent: [...new Set([...sent, ...answer.sent.map(textOf)])].sort(),
            monitors: monitors.map((monitor, index) => {
              let now = monitor;
              for (const observation of answer.observations) {
                if (now === null) break;
                const said = safetyProperties[index]!.watch.observe(now[0], observation);
                now = said.ok ? [said.state] : null;
              }
              if (now === null) found[safetyProperties[index]!.id] ??= node.depth + 1;
              return now;
            }),
          },
          node.depth + 1,
        );
        if (counts) after.before.add(key);
      }
    }
  }

  const agrees = ({ state: { values } }: Node): boolean => {
    const active = (end: 'cluster' | 'peer') => {
      const at = places.findIndex(
        (place, index) => place.what === 'member' && place.end === end && isActive(values[index]!),
      );
      return values[at] as Extract<Member, { role: 'active' }>;
    };
    return isInStep(active('cluster'), active('peer'));
  };
  const saved = backwards(nodes, agrees);
  const doubtful = backwards(nodes, ({ cutOff }) => cutOff);
  const last = indexOf(COUNTS.failovers);
  /** Without state syncs of their own, members that were down never come back. */
  const noneCanTakeOver = (values: readonly Value[]): boolean =>
    (settings.stateSync === 'never' || settings.stateSync === 'each-step') &&
    !values.some((value) => typeof value === 'object' && value.role === 'standby');
  /** Nothing has to be reached as long as two of an end are active. */
  const isOne = (values: readonly Value[]): boolean =>
    (['cluster', 'peer'] as const).every(
      (end) =>
        places.filter(
          (place, index) => place.what === 'member' && place.end === end && isActive(values[index]!),
        ).length <= 1,
    );
  const stuck = [...nodes].filter(
    ([key, { state }]) =>
      isOne(state.values) &&
      (state.values[last] === settings.failovers || noneCanTakeOver(state.values)) &&
      !saved.has(key),
  );
  const certain = stuck.filter(([key]) => !doubtful.has(key)).map(([, { depth }]) => depth);
  if (stuck.length > 0) found['recovery-possible'] = certain.length > 0 ? Math.min(...certain) : -1;

  const depth = Math.max(...[...nodes.values()].map((node) => node.depth));
  return { states: nodes.size, transitions, depth, found };
}

/** Everything from where such a state can be reached. */
function backwards(nodes: ReadonlyMap<string, Node>, wanted: (node: Node) => boolean): ReadonlySet<string> {
  const reached = new Set([...nodes].filter(([, node]) => wanted(node)).map(([key]) => key));
  for (const key of reached) for (const before of nodes.get(key)!.before) reached.add(before);
  return reached;
}

/** The same text for equal values, whatever the order in which their fields were written. */
const textOf = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );

const isActive = (value: Value): boolean => typeof value === 'object' && value.role === 'active';

const tiny = { members: 2, failovers: 1, requests: 1, bump: 1 } as const;
const cases: readonly (readonly [Revision, string, Partial<Settings>])[] = [
  [ikev2, 'single-failover', tiny],
  [ikev2, 'single-failover', { ...tiny, requests: 2, stateSync: 'never' }],
  [ikev2, 'multiple-failover', { failovers: 2, requests: 1, stateSync: 'each-step' }],
  // More failovers than members allow: recovery is asked for when no standby is left.
  [ikev2, 'replay', { failovers: 2, requests: 1, stateSync: 'never' }],
  [rfc6311, 'single-failover', tiny],
  [rfc6311, 'single-failover', { ...tiny, ikeWhileSyncing: 'process', espWhileSyncing: 'pass', bump: 0 }],
  [rfc6311, 'single-failover', { ...tiny, staleSync: 'answer-from-cache', m1Compare: 'next-expected' }],
  [rfc6311, 'multiple-failover', { failovers: 2, requests: 0, bump: 0, m1Sharing: 'not-told' }],
  [rfc6311, 'multiple-failover', { failovers: 2, requests: 0, bump: 0 }],
  [rfc6311, 'replay', { ...tiny, retries: 1 }],
  [ikev2, 'single-failover', { ...tiny, requests: 2, stateSync: 'periodic', lag: 1 }],
  [rfc6311, 'multiple-failover', { failovers: 2, requests: 0, bump: 0, stateSyncOrder: 'delayed' }],
  [rfc6311, 'replay', { ...tiny, requests: 0, failovers: 2, returning: 'with-memory' }],
  [rfc6311, 'single-failover', { ...tiny, actives: 2 }],
  [rfc6311, 'multiple-failover', { failovers: 2, requests: 0, bump: 0, telling: 'after-sending' }],
  [ikev2, 'single-failover', { ...tiny, answering: 'apart' }],
  [rfc6311, 'replay', { ...tiny, requests: 0, bump: 0, failovers: 2, m1Sharing: 'not-told' }],
  [ipsecha00, 'single-failover', tiny],
  [ipsecha01, 'single-failover', tiny],
  [ipsecha01, 'multiple-failover', { failovers: 2, requests: 0, bump: 0, failoverCount: 'in-state-sync' }],
  [ipsecha01, 'replay', { ...tiny, requests: 0, bump: 0, failovers: 2, failoverCount: 'per-member' }],
  [without(rfc6311, 'RFC6311-5.1-NONCE-CHECK')!, 'replay', { ...tiny, requests: 0 }],
  [without(rfc6311, 'RFC6311-5.1-NONCE-ECHO')!, 'replay', { ...tiny, requests: 0 }],
  [without(rfc6311, 'RFC6311-8.1-PENDING-IKE')!, 'single-failover', tiny],
];

test.each(cases.map(([revision, name, changes]) => [revision.name, name, changes, revision] as const))(
  '%s in %s with %o: the same states, transitions, depth and verdicts',
  async (_, name, changes, revision) => {
    const scenario = scenarios.find((each) => each.name === name)!;
    const settings = { ...scenario.sizes.small, ...changes };
    const { statistics, properties } = await check({
      revision,
      scenario,
      size: 'small',
      settings,
      properties: [...safetyProperties.map(({ id }) => id), recoveryPossible.id],
      noReductions: REDUCTIONS,
    });
    const found = Object.fromEntries(
      properties.flatMap(({ id, verdict, counterexample }) =>
        verdict === 'holds' ? [] : [[id, counterexample?.depth ?? -1]],
      ),
    );
    const { states, transitions, depth } = statistics;
    expect({ states, transitions, depth, found }).toEqual(exploreNaively(revision, settings));
  },
);
