/**
 * Freezes a value with everything in it, also behind what is frozen already. Only plain maps and
 * lists are frozen: what a schema made of other classes stays as it is.
 *
 * @param value A tree of values, or any graph of them.
 * @returns The same value.
 */
export function deepFreeze<T>(value: T): T {
  const seen = new Set<object>();
  const freeze = (each: unknown): void => {
    if (!isPlain(each) || seen.has(each)) return;
    seen.add(Object.freeze(each));
    for (const inner of Object.values(each)) freeze(inner);
  };
  freeze(value);
  return value;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
