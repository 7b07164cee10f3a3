/** What stands before what: names with the names that they need. */
export type Needs = ReadonlyMap<string, readonly string[]>;

/**
 * Looks for names that need each other in a circle, each circle once. A name that needs itself alone
 * is none, and names that nobody lists are passed over.
 *
 * @param needs Names with what they need.
 * @returns The circles, each from its first name on, without the repetition at the end.
 */
export function findCycles(needs: Needs): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = [];
  const done = new Set<string>();
  for (const name of needs.keys()) {
    if (!done.has(name)) walk(name, needs, done, cycles);
  }
  return cycles;
}

/** Follows chains of any length, which calls within calls could not. */
function walk(first: string, needs: Needs, done: Set<string>, cycles: (readonly string[])[]): void {
  const path: string[] = [];
  const rest: Iterator<string>[] = [];
  const places = new Map<string, number>();
  const enter = (name: string): void => {
    places.set(name, path.length);
    path.push(name);
    rest.push((needs.get(name) ?? []).values());
  };
  const leave = (): void => {
    const name = path.pop()!;
    rest.pop();
    places.delete(name);
    done.add(name);
  };
  enter(first);
  while (path.length > 0) {
    const next = rest.at(-1)!.next();
    if (next.done) {
      leave();
      continue;
    }
    const place = places.get(next.value);
    if (place === undefined && !done.has(next.value)) enter(next.value);
    else if (place !== undefined && path.length - place > 1) cycles.push(path.slice(place));
  }
}
