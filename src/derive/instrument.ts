/**
 * JavaScript rewritten such that its operators are calls: `a <= b` becomes `$op.le(a, b)`. What `$op` is, `symbolic.ts`
 * says. Names that the code does not declare itself are rewritten too, so that nothing is read from outside unseen.
 */
import type { AnyNode, Node } from 'acorn';
import { parse } from 'acorn';
import { NotFollowed } from './linear.ts';
import { globalNames, rewrittenMethods } from './symbolic.ts';

const COMPARISONS: Readonly<Record<string, string>> = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' };

const EQUALITIES: Readonly<Record<string, string>> = { '===': '', '!==': '!' };

const ARITHMETIC: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '**': 'pow',
};

const BITS: readonly string[] = ['&', '|', '^', '<<', '>>', '>>>'];

/** What the caller of the rewritten code hands in beside `$`. */
const GIVEN: readonly string[] = ['module', 'exports'];

/** The value of a field that holds a node or several. */
const nodesIn = (value: unknown): readonly AnyNode[] =>
  Array.isArray(value) ? value.flatMap(nodesIn) : isNode(value) ? [value] : [];

const isNode = (value: unknown): value is AnyNode =>
  typeof value === 'object' && value !== null && 'type' in value && 'start' in value;

/** The nodes below one that are code, in their order: not the names of fields. */
function childrenOf(node: AnyNode): readonly AnyNode[] {
  const named = (node.type === 'MemberExpression' && !node.computed && 'property') || '';
  const keyed =
    ((node.type === 'Property' || node.type === 'MethodDefinition' || node.type === 'PropertyDefinition') &&
      !node.computed &&
      'key') ||
    '';
  return Object.entries(node)
    .flatMap(([field, value]) =>
      field === named || field === keyed || field === 'label' ? [] : nodesIn(value),
    )
    .sort((a, b) => a.start - b.start);
}

/** The names that a pattern binds. */
function boundBy(pattern: AnyNode | null): readonly string[] {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name];
    case 'ObjectPattern':
      return pattern.properties.flatMap((each) =>
        boundBy(each.type === 'Property' ? each.value : each.argument),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((each) => boundBy(each));
    case 'AssignmentPattern':
      return boundBy(pattern.left);
    case 'RestElement':
      return boundBy(pattern.argument);
    default:
      return [];
  }
}

function declaredIn(node: AnyNode, names: Set<string>): Set<string> {
  const declared: readonly (AnyNode | null | undefined)[] =
    node.type === 'VariableDeclarator'
      ? [node.id]
      : node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression'
        ? [node.id, ...node.params]
        : node.type === 'ArrowFunctionExpression'
          ? node.params
          : node.type === 'ClassDeclaration' || node.type === 'ClassExpression'
            ? [node.id]
            : node.type === 'CatchClause'
              ? [node.param]
              : [];
  for (const each of declared) for (const name of boundBy(each ?? null)) names.add(name);
  for (const child of childrenOf(node)) declaredIn(child, names);
  return names;
}

/**
 * The code, rewritten.
 *
 * @param placeOf the place of an offset, as an author is told of it
 * @throws NotFollowed if there is something in it that cannot be followed
 */
export function instrument(code: string, placeOf: (offset: number) => string): string {
  const program = parse(code, { ecmaVersion: 'latest', sourceType: 'script' });
  const declared = declaredIn(program as AnyNode, new Set());
  const hidden = ['$op', ...globalNames].find((name) => declared.has(name));
  if (hidden !== undefined) throw new NotFollowed(`a name of the language is declared anew: ${hidden}`);

  const site = ({ start, end }: Node): string => {
    const text = code.slice(start, end).replaceAll(/\s+/g, ' ');
    return JSON.stringify(`${placeOf(start)}: ${text.length > 60 ? `${text.slice(0, 60)}...` : text}`);
  };
  const refuse = (node: Node, what: string): never => {
    throw new NotFollowed(`${what} is not followed, at ${JSON.parse(site(node)) as string}`);
  };

  /** Whether the value is a truth value of the language, whatever is known. */
  const isTruth = (node: AnyNode): boolean =>
    (node.type === 'BinaryExpression' &&
      (node.operator in COMPARISONS ||
        node.operator in EQUALITIES ||
        node.operator === 'in' ||
        node.operator === 'instanceof')) ||
    (node.type === 'UnaryExpression' && node.operator === '!') ||
    (node.type === 'LogicalExpression' &&
      node.operator !== '??' &&
      isTruth(node.left) &&
      isTruth(node.right)) ||
    (node.type === 'Literal' && typeof node.value === 'boolean');

  const condition = (node: AnyNode): string =>
    isTruth(node) ? `(${emit(node)})` : `$op.truthy(${emit(node)})`;

  const listOf = (nodes: readonly AnyNode[]): string => `[${nodes.map(emit).join(', ')}]`;

  /** The text of a node, with some of what is below it as given, and all else rewritten. */
  const around = (node: AnyNode, given: ReadonlyMap<AnyNode, string> = new Map()): string => {
    let text = '';
    let { start: at } = node;
    for (const child of childrenOf(node)) {
      // A field that is named like its value stands once in the text, and twice in the tree.
      if (child.start < at) continue;
      text += code.slice(at, child.start) + (given.get(child) ?? emit(child));
      at = child.end;
    }
    return text + code.slice(at, node.end);
  };

  const tested = (node: AnyNode & { readonly test?: unknown }): string =>
    isNode(node.test) ? around(node, new Map([[node.test, condition(node.test)]])) : around(node);

  /** What an operator with a value of its own makes of two. */
  const combined = (operator: string, left: string, right: string, at: AnyNode): string => {
    if (operator in COMPARISONS) return `$op.${COMPARISONS[operator]}(${left}, ${right}, ${site(at)})`;
    if (operator in EQUALITIES) return `${EQUALITIES[operator]}$op.eq(${left}, ${right})`;
    if (operator in ARITHMETIC) return `$op.${ARITHMETIC[operator]}(${left}, ${right}, ${site(at)})`;
    if (BITS.includes(operator))
      return `$op.bits(${JSON.stringify(operator)}, ${left}, ${right}, ${site(at)})`;
    return refuse(at, `the operator ${operator}`);
  };

  /** The function that takes the place of the right side, which may not be looked at. */
  const later = (node: AnyNode): string => {
    if (holds(node, ['AwaitExpression', 'YieldExpression'])) refuse(node, 'a value that comes later');
    return `() => (${emit(node)})`;
  };

  const namings = namingsIn(program as AnyNode);

  /** The functions around what is rewritten, the outermost first. */
  const outer: AnyNode[] = [];

  const emit = (node: AnyNode): string => {
    if (!isFunction(node)) return emitted(node);
    if (node.async) refuse(node, 'an async function');
    outer.push(node);
    const text = emitted(node);
    outer.pop();
    return isPure(node, outer[0] ?? node, namings) ? `$op.pure(${text})` : text;
  };

  const emitted = (node: AnyNode): string => {
    switch (node.type) {
      case 'Identifier':
        if (declared.has(node.name) || GIVEN.includes(node.name) || node.name === 'arguments')
          return node.name;
        if (globalNames.includes(node.name)) return `$op.globals.${node.name}`;
        return `$op.outside(${JSON.stringify(node.name)}, ${site(node)})`;
      case 'Property':
        // { a } stands for { a: a }.
        return node.shorthand && node.value.type === 'Identifier' && !declared.has(node.value.name)
          ? `${node.value.name}: ${emit(node.value)}`
          : node.shorthand && node.value.type === 'AssignmentPattern'
            ? `${code.slice(node.value.left.start, node.value.left.end)} = ${emit(node.value.right)}`
            : node.shorthand
              ? code.slice(node.start, node.end)
              : around(node);
      case 'ObjectExpression': {
        if (!node.properties.some(({ type }) => type === 'SpreadElement')) return around(node);
        const parts = node.properties.map((each) =>
          each.type === 'SpreadElement' ? emit(each.argument) : `{ ${emit(each)} }`,
        );
        return `$op.spread(${parts.join(', ')})`;
      }
      case 'ArrayExpression': {
        const { elements } = node;
        if (!elements.some((each) => each?.type === 'SpreadElement') || elements.includes(null))
          return around(node);
        const parts = elements.flatMap((each) =>
          each === null ? [] : [each.type === 'SpreadElement' ? emit(each.argument) : `[${emit(each)}]`],
        );
        return `$op.joined(${parts.join(', ')})`;
      }
      case 'BinaryExpression': {
        const { operator, left, right } = node;
        if (operator === 'in' && left.type !== 'PrivateIdentifier')
          return `$op.has(${emit(right)}, ${emit(left)})`;
        if (operator === 'in' || operator === 'instanceof') return around(node);
        if (operator === '==' || operator === '!=') {
          const sides = [left, right];
          if (sides.some((side) => side.type === 'Literal' && side.value === null)) return around(node);
          // The type of a value is a text, so nothing is converted.
          if (!sides.some((side) => side.type === 'UnaryExpression' && side.operator === 'typeof'))
            refuse(node, operator);
          return combined(`${operator}=`, emit(left), emit(right), node);
        }
        return combined(operator, emit(left), emit(right), node);
      }
      case 'LogicalExpression': {
        const { operator, left, right } = node;
        if (operator === '??' || isTruth(left)) return `(${around(node)})`;
        return `$op.${operator === '&&' ? 'and' : 'or'}(${emit(left)}, ${later(right)})`;
      }
      case 'UnaryExpression':
        if (node.operator === '!') return `!${condition(node.argument)}`;
        if (node.operator === '-')
          return node.argument.type === 'Literal'
            ? around(node)
            : `$op.neg(${emit(node.argument)}, ${site(node)})`;
        if (node.operator === '+') return `$op.number(${emit(node.argument)}, ${site(node)})`;
        if (node.operator === 'typeof') return `$op.typeof(${emit(node.argument)})`;
        return node.operator === '~' ? refuse(node, '~') : around(node);
      case 'UpdateExpression': {
        const { argument, operator, prefix } = node;
        const target = targetOf(argument);
        const [by, back] = operator === '++' ? ['+', '-'] : ['-', '+'];
        const changed = `(${target} = ${combined(by, target, '1', node)})`;
        return prefix ? changed : combined(back, changed, '1', node);
      }
      case 'AssignmentExpression': {
        const { operator, left, right } = node;
        if (operator === '=' || operator === '??=') return around(node);
        const target = targetOf(left);
        if (operator === '||=') return `($op.truthy(${target}) ? ${target} : (${target} = ${emit(right)}))`;
        if (operator === '&&=') return `($op.truthy(${target}) ? (${target} = ${emit(right)}) : ${target})`;
        return `(${target} = ${combined(operator.slice(0, -1), target, emit(right), node)})`;
      }
      case 'TemplateLiteral': {
        const parts = node.quasis.map(({ value }) => value.cooked ?? '');
        return `$op.text(${JSON.stringify(parts)}, ${listOf(node.expressions)})`;
      }
      case 'TaggedTemplateExpression':
        return refuse(node, 'a tagged template');
      case 'CallExpression': {
        const { callee, arguments: args } = node;
        if (callee.type === 'MemberExpression' && !callee.computed && callee.property.type === 'Identifier') {
          const { name } = callee.property;
          if (rewrittenMethods.includes(name) && callee.object.type !== 'Super') {
            const operation = node.optional || isOptional(callee) ? 'maybe' : 'method';
            return `$op.${operation}(${emit(callee.object)}, ${JSON.stringify(name)}, ${listOf(args)}, ${site(node)})`;
          }
        }
        return around(node);
      }
      case 'TryStatement':
        // A handler would not see why something cannot be followed.
        return `{ $op.refused('a try statement', ${site(node)}); ${around(node)} }`;
      case 'SwitchStatement':
        return around(
          node,
          new Map([[node.discriminant, `$op.known(${emit(node.discriminant)}, ${site(node)})`]]),
        );
      case 'ConditionalExpression':
        return `(${tested(node)})`;
      case 'IfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'ForStatement':
        return tested(node);
      case 'ForInStatement':
        return around(node, new Map([[node.right, `$op.settled(${emit(node.right)})`]]));
      case 'WithStatement':
        return refuse(node, 'with');
      default:
        return around(node);
    }
  };

  /** What is assigned to: written twice, so it may do nothing itself. */
  const targetOf = (node: AnyNode): string =>
    node.type === 'Identifier' ||
    (node.type === 'MemberExpression' && !node.computed && node.object.type === 'Identifier')
      ? code.slice(node.start, node.end)
      : refuse(node, 'an assignment to this');

  return `'use strict';\n${emit(program as AnyNode)}`;
}

const isFunction = (
  node: AnyNode,
): node is Extract<
  AnyNode,
  { type: 'FunctionDeclaration' | 'FunctionExpression' | 'ArrowFunctionExpression' }
> =>
  node.type === 'FunctionDeclaration' ||
  node.type === 'FunctionExpression' ||
  node.type === 'ArrowFunctionExpression';

/** What a function is made of that calculates and compares, and does nothing else. */
const CALCULATING: readonly string[] = [
  ...['Identifier', 'Literal', 'BinaryExpression', 'LogicalExpression', 'ConditionalExpression'],
  ...['BlockStatement', 'ReturnStatement'],
];

/**
 * Whether a function is an arrow that calculates and compares its parameters and what keeps its value from then on.
 *
 * @param outermost the function around it that no other is around
 */
function isPure(node: AnyNode, outermost: AnyNode, namings: Namings): boolean {
  if (node.type !== 'ArrowFunctionExpression' || !node.params.every(({ type }) => type === 'Identifier'))
    return false;
  if (
    !all(node.body, ({ type, ...of }) =>
      type === 'UnaryExpression'
        ? ['-', '+', '!'].includes((of as { operator?: string }).operator ?? '')
        : type === 'BinaryExpression'
          ? !['in', 'instanceof'].includes((of as { operator?: string }).operator ?? '')
          : CALCULATING.includes(type),
    )
  )
    return false;
  const own = new Set(node.params.flatMap((each) => boundBy(each)));
  const read = new Set(namesIn(node.body).filter((name) => !own.has(name)));
  if (read.has('arguments')) return false;
  const { start, end } = outermost;
  return [...read].every((name) => {
    const isInside = ({ at }: Naming): boolean => at >= start && at < end;
    const all = namings.get(name) ?? [];
    const isOwn = all.some((each) => each.does === 'declare' && isInside(each));
    const here = isOwn ? all.filter(isInside) : all;
    // What stands outside of functions, is put together as a `var` each.
    const vars = here.filter(({ does }) => does === 'var').length;
    return here.every(({ does }) => does !== 'assign') && vars <= (isOwn ? 0 : 1);
  });
}

const all = (node: AnyNode, test: (node: AnyNode) => boolean): boolean =>
  test(node) && childrenOf(node).every((child) => all(child, test));

const namesIn = (node: AnyNode): readonly string[] =>
  node.type === 'Identifier' ? [node.name] : childrenOf(node).flatMap(namesIn);

/** A place where a name is declared, as a `var` or otherwise, or is given another value. */
interface Naming {
  readonly does: 'declare' | 'var' | 'assign';
  readonly at: number;
}

type Namings = ReadonlyMap<string, readonly Naming[]>;

/** All such places, by the name. */
function namingsIn(program: AnyNode): Namings {
  const found = new Map<string, Naming[]>();
  const add = (does: Naming['does'], { start: at }: Node, names: readonly string[]): void => {
    for (const name of names) found.set(name, [...(found.get(name) ?? []), { does, at }]);
  };
  const walk = (node: AnyNode): void => {
    if (node.type === 'VariableDeclaration') {
      const names = node.declarations.flatMap(({ id }) => boundBy(id));
      add('declare', node, names);
      if (node.kind === 'var') add('var', node, names);
    } else if (isFunction(node)) {
      add('declare', node, node.params.flatMap(boundBy));
      if (node.type === 'FunctionDeclaration') add('declare', node, boundBy(node.id));
    } else if (
      node.type === 'AssignmentExpression' ||
      node.type === 'ForInStatement' ||
      node.type === 'ForOfStatement'
    ) {
      add('assign', node, namesIn(node.left));
    } else if (node.type === 'UpdateExpression') {
      add('assign', node, namesIn(node.argument));
    }
    for (const child of childrenOf(node)) walk(child);
  };
  walk(program);
  return found;
}

/** Whether a chain of members has a link that may be missing. */
const isOptional = (node: AnyNode): boolean =>
  node.type === 'MemberExpression'
    ? node.optional || isOptional(node.object)
    : node.type === 'CallExpression' && (node.optional || isOptional(node.callee));

const holds = (node: AnyNode, types: readonly string[]): boolean =>
  types.includes(node.type) || childrenOf(node).some((child) => holds(child, types));
