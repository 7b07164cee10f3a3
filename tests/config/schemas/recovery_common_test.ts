import assert from "node:assert/strict";
import { z } from "zod";
import { actionFields, commonFields } from "../../../config/schemas/recovery_common.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";

Deno.test("commonFields stand in both documents, with the same defaults", async () => {
  const basic = await recoverySchema.defaults();
  const policies = await recoveryPoliciesSchema.defaults();
  for (const key of Object.keys(commonFields) as (keyof typeof commonFields)[]) {
    assert.notEqual(basic?.[key], undefined, key);
    assert.deepEqual(basic?.[key], policies?.[key], key);
  }
});

Deno.test("commonFields take a thousand handlers at most", () => {
  const many = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`a${index}`, { log: {} }]));
  assert.ok(commonFields.handlers.safeParse(many(1_000)).success);
  assert.ok(!commonFields.handlers.safeParse(many(1_001)).success);
});

Deno.test("actionFields have the time limit that they are given", () => {
  assert.deepEqual(z.object(actionFields(7)).parse({}), { enabled: true, timeout: 7 });
});
