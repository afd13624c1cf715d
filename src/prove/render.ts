/** A result as plain text, at most 100 columns wide. */
import type { CountermodelStep, Part, ProofResult } from './obligation.ts';

const WIDTH = 100;

export function renderProof(result: ProofResult): string {
  const { obligation } = result;
  const expected =
    result.verdict === obligation.expected ? 'as expected' : `expected: ${obligation.expected}`;
  return [
    `${result.id}: ${result.verdict} (${expected})`,
    '',
    ...wrap(obligation.statement, '  ', '  '),
    '',
    'Assumed',
    ...obligation.assumptions.flatMap(({ name, says }) => wrap(`${name}: ${says}`, '  ', '    ')),
    '',
    'Method',
    ...wrap(obligation.method, '  ', '  '),
    '',
    `Questions to ${result.solver.name} ${result.solver.version}`,
    ...result.parts.map(partLine),
    `  ${'in all, loading it included'.padEnd(WIDTH - 12)}${seconds(result.seconds)}`,
    ...(result.countermodel === undefined
      ? []
      : ['', 'A run that breaks it', ...result.countermodel.steps.flatMap(stepLines)]),
    '',
    `SHA-256 of the questions: ${result.digest}`,
    '',
  ].join('\n');
}

function partLine({ name, result, wanted, seconds: time }: Part): string {
  const unfit = wanted !== 'either' && wanted !== result ? ` (wanted: ${wanted})` : '';
  return `  ${name.padEnd(WIDTH - 22)} ${result.padEnd(7)}  ${seconds(time)}${unfit}`;
}

const seconds = (value: number): string => `${value.toFixed(3).padStart(7)} s`;

function stepLines({ action, state, changed }: CountermodelStep, index: number): readonly string[] {
  const shown = index === 0 ? Object.keys(state) : changed;
  const values = shown.map((name) => `${name}: ${state[name]}`).join('; ');
  return [
    ...wrap(action, `  ${index === 0 ? ' ' : index}  `, '     '),
    ...(values === '' ? [] : wrap(values, '       ', '       ')),
  ];
}

function wrap(text: string, first: string, further: string): readonly string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    if (!isEmpty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = further;
      isEmpty = true;
    }
    line += isEmpty ? word : ` ${word}`;
    isEmpty = false;
  }
  return [...lines, line];
}
