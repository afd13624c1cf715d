/** Every element of an array is taken or told, and so is what is around it. */
import { expect, it } from 'vitest';
import { JsonElements } from './json-elements.ts';

/** What is taken and what is refused, the text in chunks of a size. */
function read(text: string, size: number) {
  const told: string[] = [];
  const elements = new JsonElements(
    (element, number) => told.push(`${number} ${element}`),
    (number, reason) => told.push(`${number} not read: ${reason}`),
  );
  const octets = Buffer.from(text);
  for (let at = 0; at < octets.length; at += size) elements.push(octets.subarray(at, at + size));
  elements.end();
  return { told, isClosed: elements.isClosed };
}

it.each([
  ['[{"a":"]}"}, [1]]', ['1 {"a":"]}"}', '2 [1]'], true],
  [
    '[{}, "a, \\"b]", 17,null ,true]',
    [
      '1 {}',
      '2 not read: an element that is no object: "a, \\"b]"',
      '3 not read: an element that is no object: 17',
      '4 not read: an element that is no object: null',
      '5 not read: an element that is no object: true',
    ],
    true,
  ],
  ['\ufeff [{}]\n\t ', ['1 {}'], true],
  ['[{}]]] {}', ['1 {}', '2 not read: 4 octets after the end of the JSON array'], true],
  ['{"a":[1]}', ['1 not read: 9 octets where a JSON array was to begin'], false],
  ['[{}, tru', ['1 {}', '2 not read: an element that is no object: tru'], false],
  ['[{}, {"a"', ['1 {}'], false],
] as const)('%s', (text, told, isClosed) => {
  for (const size of [1, 2, 5, 1000]) expect(read(text, size)).toEqual({ told, isClosed });
});
