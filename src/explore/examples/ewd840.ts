/**
 * Termination detection on a ring: E. W. Dijkstra, W. H. J. Feijen, A. J. M. van Gasteren, "Derivation of a
 * termination detection algorithm for distributed computations" (EWD 840), Inf. Proc. Letters 16, 1983.
 *
 * After the module EWD840 in tlaplus/Examples (specifications/ewd840) by Stephan Merz. A token goes round the
 * ring of nodes; a node that woke another one beyond the token stains it. No messages are modelled. Node and
 * token start in any state, but the token black.
 *
 * TLC counts each true alternative of a guard as a successor of its own; published numbers of states generated
 * are matched with `alternatives` on. (The published depth, 10 levels, is one more than there are: TLC's depth
 * may come out too large with several workers, see tlaplus/tlaplus issue 883.)
 */
import type { StepResult, StepRule, System } from '../system.ts';

interface Node {
  readonly active: boolean;
  readonly black: boolean;
}

interface Token {
  readonly at: number;
  readonly black: boolean;
}

type Value = Node | Token;

export type Ewd840 = System<Value, never, never, string>;
type Rule = StepRule<Value, never, never, string>;
type Result = StepResult<Value, never, never, string>;

/**
 * @param nodes - number of nodes
 * @param alternatives - one outcome for each true alternative of a guard (else one for the guard)
 */
export function ewd840(nodes: number, alternatives: boolean): Ewd840 {
  const all = Array.from({ length: nodes }, (_, i) => i);
  const token = nodes;
  const pairs = all.flatMap((i) => all.filter((j) => j !== i).map((j) => [i, j] as const));
  const outcomes = (guard: readonly boolean[], action: string, values: readonly Value[]): Result => {
    const ways = guard.filter(Boolean).slice(0, alternatives ? guard.length : 1);
    return { outcomes: ways.map(() => ({ values, sent: [], observations: [], action })) };
  };
  const onNodes = (kind: string, touches: readonly number[], step: (...nodes: Node[]) => Result): Rule => ({
    kind,
    touches,
    receives: false,
    step: (values) => step(...values.map((value) => value as Node)),
  });
  const onToken = (kind: string, node: number, step: (node: Node, token: Token) => Result): Rule => ({
    kind,
    touches: [node, token],
    receives: false,
    step: ([at, tok]) => step(at as Node, tok as Token),
  });
  const white = (node: Node): Node => ({ ...node, black: false });
  return {
    name: 'ewd840',
    components: [...all.map((i) => `node ${i}`), 'token'],
    initial: initialStates(nodes),
    rules: [
      onToken('InitiateProbe', 0, (node, { at, black }) =>
        outcomes([at === 0 && black, at === 0 && node.black], 'InitiateProbe', [
          white(node),
          { at: nodes - 1, black: false },
        ]),
      ),
      ...all.slice(1).map((i) =>
        onToken('PassToken', i, (node, { at, black }) =>
          outcomes(
            [!node.active, node.black, black].map((reason) => at === i && reason),
            `PassToken(${i})`,
            [white(node), { at: i - 1, black: black || node.black }],
          ),
        ),
      ),
      ...pairs.map(([i, j]) =>
        onNodes('SendMsg', [i, j], (from, to) =>
          outcomes([from.active], `SendMsg(${i}, ${j})`, [
            { ...from, black: from.black || j > i },
            { ...to, active: true },
          ]),
        ),
      ),
      ...all.map((i) =>
        onNodes('Deactivate', [i], (node) =>
          outcomes([node.active], `Deactivate(${i})`, [{ ...node, active: false }]),
        ),
      ),
    ],
    monitors: [],
    progress: [
      {
        id: 'termination-detected',
        scope: { reads: all, holds: (values) => values.every((node) => !(node as Node).active) },
        goal: {
          reads: [0, token],
          holds: ([node, tok]) => {
            const { active, black } = node as Node;
            return !active && !black && (tok as Token).at === 0 && !(tok as Token).black;
          },
        },
        without: ['SendMsg', 'Deactivate'],
      },
    ],
  };
}

/** Every node in any state, the token anywhere and black. */
function initialStates(nodes: number): readonly (readonly Value[])[] {
  const states = [true, false].flatMap((active) => [true, false].map((black): Node => ({ active, black })));
  let rings: readonly (readonly Value[])[] = [[]];
  for (let i = 0; i < nodes; i++) rings = rings.flatMap((ring) => states.map((node) => [...ring, node]));
  return rings.flatMap((ring) => Array.from({ length: nodes }, (_, at) => [...ring, { at, black: true }]));
}
