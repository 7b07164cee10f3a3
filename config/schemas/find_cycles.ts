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
  const path: string[] = [];
  const visit = (name: string): void => {
    const start = path.indexOf(name);
    if (start >= 0) {
      if (path.length - start > 1) cycles.push(path.slice(start));
      return;
    }
    if (done.has(name)) return;
    path.push(name);
    for (const next of needs.get(name) ?? []) visit(next);
    path.pop();
    done.add(name);
  };
  for (const name of needs.keys()) visit(name);
  return cycles;
}
