/**
 * Finds circles in a graph of imports.
 *
 * @module
 */

/**
 * Finds the circles of a graph. One circle is reported for each edge that closes one on the way
 * through the graph, so breaking all that are reported, and running again, ends with none.
 *
 * @param graph Each file with the files it imports; files that are no key are leaves.
 * @returns Each circle as the files on it, in the direction of the imports.
 */
export function findCycles(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const since = path.indexOf(file);
    if (since >= 0) {
      cycles.push(path.slice(since));
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const imported of new Set(graph.get(file))) visit(imported);
    path.pop();
    done.add(file);
  };
  for (const file of graph.keys()) visit(file);
  return cycles;
}
