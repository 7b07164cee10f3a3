import assert from "node:assert/strict";
import { Composition, NODES_MAX } from "../../../config/files/composition.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import type { ScalarNode } from "../../../config/files/config_node.ts";
import { FaultList } from "../../../config/files/fault_list.ts";

const scalar = (value: ScalarNode["value"], isPlain = true): ScalarNode => (
  { kind: "scalar", at: 0, value, isPlain }
);
const opening = (kind: "list" | "map", anchor: string | null = null, tag = "") => (
  { kind, at: 0, anchor, tag }
);

Deno.test("Composition puts items and keys where they belong", () => {
  const faults = new FaultList("f", "");
  const composition = new Composition(faults, 10);
  composition.open(opening("map"));
  composition.addScalar(scalar("a"), null, null);
  composition.open(opening("list"));
  composition.addScalar(scalar(1), null, "one");
  composition.addAlias("one", 0);
  composition.close();
  composition.close();
  composition.close();
  assert.equal(faults.count, 0);
  const { root } = composition;
  assert.ok(root?.kind === "map");
  const list = root.entries.get("a")?.node;
  assert.ok(list?.kind === "list");
  assert.deepEqual(list.items, [scalar(1), scalar(1)]);
});

Deno.test("Composition leaves the value of a refused key out, and goes on", () => {
  const cases = [
    { name: "a number", key: scalar(1), problem: "a key that is no text" },
    { name: "nothing", key: scalar(null), problem: "a key that is no text" },
    { name: "a merge key", key: scalar("<<"), problem: "merge keys are not supported" },
    { name: "__proto__", key: scalar("__proto__", false), problem: "a key that is not allowed" },
    { name: "a duplicate", key: scalar("a"), problem: "duplicate key" },
  ];
  for (const { name, key, problem } of cases) {
    const faults = new FaultList("f", "");
    const composition = new Composition(faults, 10);
    composition.open(opening("map"));
    for (const each of [scalar("a"), scalar(1), key, scalar(2), scalar("b"), scalar(3)]) {
      composition.addScalar(each, null, null);
    }
    composition.close();
    assert.deepEqual(faults.toArray().map(({ message }) => message), [problem], name);
    assert.ok(composition.root?.kind === "map");
    assert.deepEqual([...composition.root.entries.keys()], ["a", "b"], name);
    assert.deepEqual(composition.root.entries.get("a")?.node, scalar(1), name);
  }
});

Deno.test("Composition takes << in quotes as a key like any other", () => {
  const faults = new FaultList("f", "");
  const composition = new Composition(faults, 10);
  composition.open(opening("map"));
  composition.addScalar(scalar("<<", false), null, null);
  composition.addScalar(scalar(1), null, null);
  composition.close();
  assert.equal(faults.count, 0);
});

Deno.test("Composition counts an alias as all that it stands for", () => {
  const faults = new FaultList("f", "");
  const composition = new Composition(faults, 100);
  composition.open(opening("list"));
  composition.open(opening("list", "l0"));
  for (let i = 0; i < 9; i++) composition.addScalar(scalar(i), null, null);
  composition.close();
  const bomb = () => {
    for (let level = 1; level < 9; level++) {
      composition.open(opening("list", `l${level}`));
      for (let i = 0; i < 9; i++) composition.addAlias(`l${level - 1}`, 0);
      composition.close();
    }
  };
  assert.throws(
    bomb,
    (error) => error instanceof ConfigError && error.faults[0]?.got === `more than ${NODES_MAX}`,
  );
});

Deno.test("Composition refuses aliases of nothing, of themselves, and too deep", () => {
  const faults = new FaultList("f", "");
  const composition = new Composition(faults, 2);
  composition.open(opening("list", "self"));
  composition.addAlias("none", 0);
  composition.addAlias("self", 0);
  composition.open(opening("list", "flat"));
  composition.close();
  composition.open(opening("list"));
  composition.addAlias("flat", 0);
  composition.close();
  composition.close();
  assert.deepEqual(faults.toArray().map(({ path, message }) => `${path} ${message}`), [
    "[0] an alias of nothing",
    "[1] an alias that holds itself",
    "[3][0] an alias nested too deeply",
  ]);
});
