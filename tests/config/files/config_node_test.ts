import assert from "node:assert/strict";
import { composeDocument } from "../../../config/files/compose_document.ts";
import { nodeAt } from "../../../config/files/config_node.ts";
import { FaultList } from "../../../config/files/fault_list.ts";

const TEXT = "a: 1\nb:\n  - x: 2\n  - 3\n";
const root = composeDocument(TEXT, new FaultList("f", TEXT));

Deno.test("nodeAt finds values with their keys, or the nearest there is", () => {
  const cases = [
    { name: "the root", path: [], found: true, keyAt: null, nearestAt: 0 },
    { name: "a value", path: ["a"], found: true, keyAt: 0, nearestAt: 3 },
    { name: "in a list", path: ["b", 0, "x"], found: true, keyAt: 12, nearestAt: 15 },
    { name: "an item has no key", path: ["b", 1], found: true, keyAt: null, nearestAt: 21 },
    { name: "a missing key", path: ["b", 0, "y"], found: false, keyAt: null, nearestAt: 12 },
    { name: "below a scalar", path: ["a", "y"], found: false, keyAt: 0, nearestAt: 3 },
    { name: "a name in a list", path: ["b", "0"], found: false, keyAt: 5, nearestAt: 10 },
    { name: "a key of every object", path: ["toString"], found: false, keyAt: null, nearestAt: 0 },
  ];
  for (const { name, path, found, keyAt, nearestAt } of cases) {
    const place = nodeAt(root, path);
    assert.deepEqual([place.node !== null, place.keyAt, place.nearest.at], [
      found,
      keyAt,
      nearestAt,
    ], name);
  }
});
