import assert from "node:assert/strict";
import { layerGraphRules } from "../../../config/schemas/layer_graph_rules.ts";
import { contradictions, layersText } from "./layers_text.ts";

Deno.test("layerGraphRules finds layers that cannot stand in order", async () => {
  assert.equal(layerGraphRules({ layers: {} }).length, 0);
  const cases = [
    {
      name: "in order",
      layers: { a: {}, b: { dependencies: ["a"], conflicts: ["a"] } },
      found: [],
    },
    {
      name: "an unknown dependency",
      layers: { quick: {}, slow: { dependencies: ["quik"] } },
      found: ['error layers.slow.dependencies[0]: an unknown dependency, did you mean "quick"?'],
    },
    {
      name: "itself",
      layers: { a: { dependencies: ["a"], conflicts: ["a"] } },
      found: [
        "error layers.a.dependencies[0]: a layer that depends on itself",
        "error layers.a.conflicts[0]: a layer that conflicts with itself",
      ],
    },
    {
      name: "twice",
      layers: { a: {}, b: { dependencies: ["a", "a"] } },
      found: ["error layers.b.dependencies[1]: named twice"],
    },
    {
      name: "a conflict with no layer",
      layers: { a: { conflicts: ["performance"] } },
      found: ["error layers.a.conflicts[0]: a conflict with no layer"],
    },
    {
      name: "the same place",
      layers: { a: {}, b: { execution_order: 1 } },
      found: ["error layers.b.execution_order: the same place as a"],
    },
    {
      name: "a place before its dependency",
      layers: { a: { dependencies: ["b"] }, b: {} },
      found: ["error layers.a.dependencies[0]: execution_order is against this dependency"],
    },
    {
      name: "the same place as its dependency",
      layers: { a: {}, b: { dependencies: ["a"], execution_order: 1 } },
      found: [
        "error layers.b.execution_order: the same place as a",
        "error layers.b.dependencies[0]: execution_order is against this dependency",
      ],
    },
    {
      name: "a circle",
      layers: { a: { dependencies: ["b"] }, b: { dependencies: ["a"] } },
      found: [
        "error layers.a.dependencies: layers that depend on each other",
        "error layers.a.dependencies[0]: execution_order is against this dependency",
      ],
    },
  ];
  for (const { name, layers, found } of cases) {
    assert.deepEqual(await contradictions(layersText(layers)), found, name);
  }
});
