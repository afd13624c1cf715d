/** The run that led to a rule that went wrong, for a terminal. */
import type { Value } from '../../model/index.ts';
import type { ModelStep } from '../questions/behaviour.ts';
import type { UsageRun } from '../questions/usage-error.ts';
import { drawChart } from './chart/draw.ts';
import { runChart } from './counterexample.ts';
import { terminalOf } from './terminal.ts';

export function renderRun({ initial, steps, places }: UsageRun): string {
  if (steps.length === 0) return '  it was called for the first step of a run\n';
  const chart = runChart(
    {
      title: `the ${steps.length === 1 ? 'step' : `${steps.length} steps`} before it was called`,
      // A run of the model, as the explorer told it.
      initial: initial as readonly Value[],
      steps: steps as readonly ModelStep[],
      mark: false,
      foot: [],
    },
    places,
  );
  return `\n${drawChart(chart, terminalOf(process.stderr))}\n`;
}
