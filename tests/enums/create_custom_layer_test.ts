import assert from "node:assert/strict";
import { createCustomLayer, LayerDefinition } from "../../enums/mod.ts";
import { faultsOf } from "./records/record_contract.ts";

Deno.test("createCustomLayer takes the defaults of the reference", () => {
  const layer = createCustomLayer("mine", ["b", "a"]);
  assert.deepEqual(
    layer,
    new LayerDefinition({
      name: "mine",
      layerType: "fast_feedback",
      categories: ["a", "b"],
      executionStrategy: "sequential",
      timeoutMinutes: 30,
      requiresRealServices: true,
      requiresRealLlm: false,
      canRunInParallel: true,
      isBackgroundEligible: false,
    }),
  );
});

Deno.test("createCustomLayer takes every option over its default", () => {
  const layer = createCustomLayer("mine", new Set(["a"]), {
    layerType: "e2e_background",
    executionStrategy: "hybrid_smart",
    timeoutMinutes: 7,
    maxParallelCategories: 2,
  });
  assert.deepEqual(
    [layer.layerType, layer.executionStrategy, layer.timeoutMinutes, layer.maxParallelCategories],
    ["e2e_background", "hybrid_smart", 7, 2],
  );
});

Deno.test("createCustomLayer refuses options that it does not know with a TypeError that names them", () => {
  const cases: { name: string; option: string; message: RegExp }[] = [
    { name: "spelled as on the wire", option: "timeout_minutes", message: /mean timeoutMinutes\?/ },
    { name: "other case", option: "timeoutminutes", message: /mean timeoutMinutes\?/ },
    { name: "nonsense", option: "colour", message: /known are .*timeoutMinutes/ },
    { name: "argument", option: "name", message: /an argument of its own/ },
    { name: "argument", option: "categories", message: /an argument of its own/ },
  ];
  for (const { name, option, message } of cases) {
    const faults = faultsOf(() => createCustomLayer("mine", ["a"], { [option]: 1 }));
    assert.deepEqual(faults.map(({ path }) => path), [option], name);
    assert.match(faults[0]!.message, message, name);
  }
});

Deno.test("createCustomLayer refuses options that throw when they are read", () => {
  const options = {
    get timeoutMinutes(): number {
      throw new Error("hands off");
    },
  };
  assert.deepEqual(faultsOf(() => createCustomLayer("mine", ["a"], options)), [
    { path: "", message: 'cannot be read: "hands off"' },
  ]);
});
