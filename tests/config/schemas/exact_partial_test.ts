import assert from "node:assert/strict";
import { z } from "zod";
import { exactPartial } from "../../../config/schemas/exact_partial.ts";

Deno.test("exactPartial lets every field be left out, and none be undefined", () => {
  const shape = z.strictObject(exactPartial({ a: z.number(), b: z.string() }));
  assert.deepEqual(shape.parse({}), {});
  assert.deepEqual(shape.parse({ b: "x" }), { b: "x" });
  assert.ok(!shape.safeParse({ a: undefined }).success);
  assert.ok(!shape.safeParse({ a: "x" }).success);
});
