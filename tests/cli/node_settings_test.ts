import assert from "node:assert/strict";
import { NODE_SETTINGS } from "../../cli/node_settings.ts";

Deno.test("every setting of a node has a variable of its own", () => {
  const names = Object.values(NODE_SETTINGS).map((setting) => setting.env);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^BATON_[A-Z_]+$/);
});

Deno.test("the settings of a node read what they are given", () => {
  assert.deepEqual(NODE_SETTINGS.labels.parse("a=b,c=d"), { a: "b", c: "d" });
  assert.equal(NODE_SETTINGS.expectedMembers.parse("3"), 3);
  assert.equal(NODE_SETTINGS.quorumThreshold.parse("0.66"), 0.66);
  assert.equal(NODE_SETTINGS.graceMs.parse("5s"), 5_000);
});
