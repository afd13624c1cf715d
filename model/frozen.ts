/** A value, and all that it holds, made such that nothing of it can be changed: functions and what they have as well. */
export function frozen<T>(value: T): T {
  // So is from the first what holds nothing.
  if (Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const part of Object.values(value as object)) frozen(part);
  return value;
}
