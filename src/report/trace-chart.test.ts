/** Whatever hosts are called, and whoever talks to whom, there is a chart. */
import { expect, it } from 'vitest';
import type { MessageEvent } from '../traces/events/event.ts';
import { neighbourhoodsIn } from '../traces/events/neighbourhood.ts';
import { validate } from '../traces/validate.ts';
import { drawChart } from './chart/draw.ts';
import { traceChart } from './trace-chart.ts';

/** The chart of a number that is sent twice from one address to another. */
function chartOf(source: string, destination: string): string {
  const events = ['a', 'b'].map(
    (octets): MessageEvent => ({
      ...{ event: 'seen', source, destination, octets, integrity: 'good' },
      message: { kind: 'esp', spi: 'c0000001', sequence: 1 },
    }),
  );
  const result = validate(events, { complete: true });
  const [finding] = result.findings;
  const near = neighbourhoodsIn(events, [finding!.event]).of(finding!.event);
  return drawChart(traceChart(near!, result, finding!));
}

it.each([
  ['127.0.0.1:4500', '127.0.0.1:4500', '✗ 2: ESP c0000001 number 1 (to itself)'],
  ['127.0.0.1', '127.0.0.1', '✗ 2: ESP c0000001 number 1 (to itself)'],
  ['127.0.0.1:500', '127.0.0.1:4500', '127.0.0.1:500'],
  ['lost', 'in flight', 'in flight'],
  ['a b', 'c', 'a b'],
  ['__proto__', 'constructor', '__proto__'],
  ['\u001b[2J', '\u202e', '\\x1b[2J'],
])('from %j to %j', (source, destination, shown) => {
  expect(chartOf(source, destination)).toContain(shown);
});
