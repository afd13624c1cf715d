import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { accepted, closedUpTo, emptyWindow, isBehind, type ReplayWindow, wasSeen } from './replay-window.ts';

/** The same by every number that ever came, which nobody could keep. */
interface Naive {
  readonly numbers: ReadonlySet<number>;
  readonly highest: number;
}

const naiveTakes = ({ numbers, highest }: Naive, size: number, number: number): boolean =>
  number > highest - size && !numbers.has(number);

const takes = (window: ReplayWindow, size: number, number: number): boolean =>
  !isBehind(window, size, number) && !wasSeen(window, number);

const size = fc.integer({ min: 1, max: 8 });
const number = fc.integer({ min: 1, max: 30 });

test('it takes what a receiver would take that remembers every number, whatever the order', () => {
  const moves = fc.array(fc.record({ number, close: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(size, moves, (size, moves) => {
      let window = emptyWindow;
      let naive: Naive = { numbers: new Set(), highest: 0 };
      for (const { number, close } of moves) {
        if (close) {
          window = closedUpTo(window, size, number);
          const below = Array.from({ length: number }, (_, index) => index + 1);
          naive = {
            numbers: new Set([...naive.numbers, ...below]),
            highest: Math.max(naive.highest, number),
          };
        } else {
          expect(takes(window, size, number)).toBe(naiveTakes(naive, size, number));
          if (naiveTakes(naive, size, number)) {
            window = accepted(window, size, number);
            naive = {
              numbers: new Set([...naive.numbers, number]),
              highest: Math.max(naive.highest, number),
            };
          }
        }
        expect(window.highest).toBe(naive.highest);
        for (let each = 1; each <= 40; each++) {
          expect(takes(window, size, each)).toBe(naiveTakes(naive, size, each));
        }
        // It keeps what lies in the window, and nothing else.
        const inWindow = [...naive.numbers].filter((each) => each > naive.highest - size);
        expect(window.seen).toEqual(inWindow.sort((a, b) => a - b));
      }
    }),
  );
});

describe('a window of 4 whose highest number is 10', () => {
  const window: ReplayWindow = { highest: 10, seen: [8, 10] };

  test('6 is behind it, 7 to 10 are in it', () => {
    expect([5, 6, 7, 8, 10, 11].map((each) => isBehind(window, 4, each))).toEqual([
      ...[true, true],
      ...[false, false, false, false],
    ]);
  });

  test('of those in it, some were seen', () => {
    expect([7, 8, 9, 10, 11].filter((each) => wasSeen(window, each))).toEqual([8, 10]);
  });

  test('a late one fills its place, and moves nothing', () => {
    expect(accepted(window, 4, 9)).toEqual({ highest: 10, seen: [8, 9, 10] });
    expect(accepted(window, 4, 7)).toEqual({ highest: 10, seen: [7, 8, 10] });
  });

  test('a new one moves it up, and what falls behind it is forgotten', () => {
    expect(accepted(window, 4, 11)).toEqual({ highest: 11, seen: [8, 10, 11] });
    expect(accepted(window, 4, 12)).toEqual({ highest: 12, seen: [10, 12] });
    expect(accepted(window, 4, 100)).toEqual({ highest: 100, seen: [100] });
  });

  test('closed further up, all that stays in it counts as seen', () => {
    expect(closedUpTo(window, 4, 12)).toEqual({ highest: 12, seen: [9, 10, 11, 12] });
    expect(closedUpTo(window, 4, 1000)).toEqual({ highest: 1000, seen: [997, 998, 999, 1000] });
  });

  test('closed within it, what is above stays open', () => {
    expect(closedUpTo(window, 4, 9)).toEqual({ highest: 10, seen: [7, 8, 9, 10] });
    expect(closedUpTo(window, 4, 7)).toEqual({ highest: 10, seen: [7, 8, 10] });
    expect(closedUpTo(window, 4, 6)).toEqual(window);
  });

  test('closed where it is closed already, nothing changes', () => {
    const closed = closedUpTo(window, 4, 10);
    expect(closedUpTo(closed, 4, 10)).toEqual(closed);
    expect(closedUpTo(closed, 4, 3)).toEqual(closed);
  });
});

test('the window of 1 takes only what is above the highest', () => {
  const window = accepted(emptyWindow, 1, 5);
  expect(window).toEqual({ highest: 5, seen: [5] });
  expect([4, 5, 6].filter((each) => takes(window, 1, each))).toEqual([6]);
});

test('before the first packet nothing was seen, and nothing is closed up to 0', () => {
  expect(emptyWindow).toEqual({ highest: 0, seen: [] });
  expect([1, 2, 64, 65].every((each) => takes(emptyWindow, 64, each))).toBe(true);
  expect(closedUpTo(emptyWindow, 4, 0)).toEqual(emptyWindow);
  expect(closedUpTo(emptyWindow, 4, 2)).toEqual({ highest: 2, seen: [1, 2] });
});
