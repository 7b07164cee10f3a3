/** Puts something else in the place of a property until its scope ends. */
export function stub<T extends object, K extends keyof T>(
  target: T,
  property: K,
  value: T[K],
): Disposable {
  const before = Object.getOwnPropertyDescriptor(target, property);
  Object.defineProperty(target, property, { configurable: true, writable: true, value });
  return {
    [Symbol.dispose]() {
      if (before) Object.defineProperty(target, property, before);
      else delete target[property];
    },
  };
}
