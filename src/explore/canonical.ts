/**
 * One text for one value: JSON with sorted keys.
 *
 * Two values with the same text are the same value to the explorer. So whatever JSON does not show must not
 * occur, or states that differ would be taken for one: functions, maps, sets, class instances, big integers
 * and numbers that are not finite are refused.
 */
import { SystemDefect } from './defect.ts';
import { isPlain } from './structure.ts';

/**
 * The canonical text of plain data. A key whose value is `undefined` counts as absent.
 *
 * @throws SystemDefect if the value is not plain data
 */
export function canonicalText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'number':
      if (!Number.isFinite(value)) throw new SystemDefect(`${value} is not plain data`);
      return String(value);
    case 'object':
      return value === null ? 'null' : textOfObject(value);
    default:
      throw new SystemDefect(`a value of type ${typeof value} is not plain data`);
  }
}

function textOfObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`;
  if (!isPlain(value)) {
    throw new SystemDefect(`an instance of ${value.constructor?.name ?? 'a class'} is not plain data`);
  }
  let text = '';
  for (const key of sortedKeys(value)) {
    const field: unknown = (value as Readonly<Record<string, unknown>>)[key];
    if (field === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalText(field)}`;
  }
  return `{${text}}`;
}

/** The keys of an object; most are written down in order already. */
function sortedKeys(value: object): readonly string[] {
  const keys = Object.keys(value);
  for (let i = 1; i < keys.length; i++) if (keys[i - 1]! > keys[i]!) return keys.sort();
  return keys;
}

/** Freezes a value and all that it holds, so that a rule that writes into its arguments fails at once. */
export function freezeDeeply<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const part of Object.values(value)) freezeDeeply(part);
  }
  return value;
}
