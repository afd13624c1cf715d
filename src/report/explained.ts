/** A rule, a property, a setting, a scenario or a revision in plain words, for a terminal and for `--json`. */
import { findRule, properties } from '../../model/index.ts';
import { stepDocument } from '../questions/document.ts';
import type { Example, Examples } from '../questions/example.ts';
import type { Explained } from '../questions/explained.ts';
import { drawChart } from './chart/draw.ts';
import { chartOf } from './check.ts';
import { runChart } from './counterexample.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './text.ts';

export function renderExplained(
  { name, title, says, facts, commands, examples, remarks }: Explained & Examples,
  style: Terminal,
): string {
  const width = Math.max(0, ...facts.map(([about]) => about.length)) + 2;
  const indented = (text: string): readonly string[] =>
    wrap(text, style.width - 2).map((line) => `  ${line}`);
  return [
    ...heading(name, title, style),
    '',
    ...(says === '' ? [] : [...indented(says), '']),
    ...facts.flatMap(([about, text]) =>
      wrap(text, Math.max(20, style.width - 2 - width)).map(
        (line, index) => `  ${(index === 0 ? about : '').padEnd(width)}${line}`,
      ),
    ),
    ...(remarks.length === 0 ? [] : ['', ...remarks.flatMap(indented)]),
    ...examples.flatMap((example) => ['', ...exampleText(example, style)]),
    ...(commands.length === 0 ? [] : ['', ...commands.map((command) => `  see  ${command}`)]),
    '',
  ].join('\n');
}

/** The name and the title, on one line if they fit. */
const heading = (name: string, title: string, { width }: Terminal): readonly string[] =>
  name.length + 2 + title.length <= width ? [`${name}  ${title}`] : [name, ...wrap(title, width)];

function exampleText(example: Example, style: Terminal): readonly string[] {
  if (example.kind === 'step') {
    const title = `${example.revision}, ${example.scenario}: a shortest run in which it shapes a step, the last one`;
    return [drawChart(runChart({ ...example, title, foot: [], mark: false }, example.places), style)];
  }
  const { property, result } = example;
  return property.counterexample === undefined
    ? []
    : [
        chartOf(result, { property, counterexample: property.counterexample }, style),
        ...wrap(`to see it again: ${commandOf(example)}`, style.width),
      ];
}

/** The command that finds the counterexample again. */
const commandOf = ({
  revision,
  without,
  scenario,
  property,
}: Extract<Example, { kind: 'counterexample' }>): string =>
  [
    `ipsecha check ${revision}`,
    ...without.map((rule) => `--without ${rule}`),
    `--scenario ${scenario}`,
    `--property ${property.id}`,
  ].join(' ');

/** As it stands in `--json`: of rules and properties with all that the catalogue has. */
export function explainedDocument({ kind, name, title, says, facts, commands }: Explained) {
  const rule = kind === 'rule' ? findRule(name) : undefined;
  const property = kind === 'property' ? properties.find(({ id }) => id === name) : undefined;
  return {
    kind,
    id: name,
    title,
    says,
    ...(rule === undefined ? {} : { rule: { ...rule } }),
    ...(property === undefined ? {} : { rules: property.rules }),
    facts: facts.map(([about, text]) => ({ about, says: text })),
    commands,
  };
}

export const exampleDocument = (example: Example) =>
  example.kind === 'step'
    ? {
        kind: example.kind,
        revision: example.revision,
        scenario: example.scenario,
        depth: example.steps.length,
        steps: example.steps.map((step) => stepDocument(step, example.places)),
      }
    : {
        kind: example.kind,
        revision: example.revision,
        without: example.without,
        scenario: example.scenario,
        property: example.property.id,
        depth: example.property.counterexample?.depth ?? 0,
        because: example.property.because ?? '',
        command: commandOf(example),
        steps: (example.property.counterexample?.steps ?? []).map((step) =>
          stepDocument(step, example.result.places),
        ),
      };
