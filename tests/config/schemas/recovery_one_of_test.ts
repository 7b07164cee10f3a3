import assert from "node:assert/strict";
import { z } from "zod";
import { exactlyOneOf } from "../../../config/schemas/recovery_one_of.ts";

Deno.test("exactlyOneOf takes one of the keys, and says how many there are else", () => {
  const shape = z.object({ a: z.int().exactOptional(), b: z.int().exactOptional() })
    .superRefine(exactlyOneOf(["a", "b"]));
  const messages = (value: unknown) =>
    shape.safeParse(value).error?.issues.map(({ message }) => message) ?? [];
  assert.deepEqual(messages({ a: 1 }), []);
  assert.deepEqual(messages({}), ["not exactly one of a, b: there is none"]);
  assert.deepEqual(messages({ a: 1, b: 2 }), ["not exactly one of a, b: there is a and b"]);
});
