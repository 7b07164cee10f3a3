import assert from "node:assert/strict";
import { deepFreeze } from "../../../config/files/deep_freeze.ts";

Deno.test("deepFreeze freezes maps and lists all the way down, and nothing else", () => {
  const date = new Date(0);
  const value = { a: [{ b: 1 }], date, n: null };
  assert.equal(deepFreeze(value), value);
  assert.ok(Object.isFrozen(value) && Object.isFrozen(value.a) && Object.isFrozen(value.a[0]));
  assert.ok(!Object.isFrozen(date));
  assert.equal(deepFreeze(5), 5);
});

Deno.test("deepFreeze goes on behind what is frozen, and comes to an end in a circle", () => {
  const inner: Record<string, unknown> = {};
  const outer = Object.freeze({ inner });
  inner["outer"] = outer;
  deepFreeze(outer);
  assert.ok(Object.isFrozen(inner));
});
