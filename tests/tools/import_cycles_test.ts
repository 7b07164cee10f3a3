import assert from "node:assert/strict";
import { findCycles } from "../../tools/import_cycles.ts";

const GRAPHS: readonly {
  name: string;
  graph: readonly (readonly [string, readonly string[]])[];
  cycles: readonly (readonly string[])[];
}[] = [
  { name: "the graph is empty", graph: [], cycles: [] },
  { name: "two paths meet", graph: [["a", ["b", "c"]], ["b", ["d"]], ["c", ["d"]]], cycles: [] },
  { name: "a file imports itself", graph: [["a", ["a"]]], cycles: [["a"]] },
  {
    name: "two files import each other",
    graph: [["a", ["b"]], ["b", ["a"]]],
    cycles: [["a", "b"]],
  },
  {
    name: "the circle starts further in",
    graph: [["a", ["b"]], ["b", ["c"]], ["c", ["d"]], ["d", ["b"]]],
    cycles: [["b", "c", "d"]],
  },
  {
    name: "two circles share a file",
    graph: [["a", ["b", "c"]], ["b", ["a"]], ["c", ["a"]]],
    cycles: [["a", "b"], ["a", "c"]],
  },
  {
    name: "one file is imported twice",
    graph: [["a", ["b", "b"]], ["b", ["a"]]],
    cycles: [["a", "b"]],
  },
];

for (const { name, graph, cycles } of GRAPHS) {
  Deno.test(`findCycles reports each circle once when ${name}`, () => {
    assert.deepEqual(findCycles(new Map(graph)), cycles);
  });
}
