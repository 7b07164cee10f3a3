import assert from "node:assert/strict";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import { schema } from "../../../config/schemas/recovery_policies_document.ts";

Deno.test("the schema of a policies document is what recoveryPoliciesSchema loads", async () => {
  assert.equal(schema.name, recoveryPoliciesSchema.name);
  assert.equal(await schema.jsonSchema(), await recoveryPoliciesSchema.jsonSchema());
  const outcome = await schema.parse({
    cooldowns: { b: 1 },
    recovery_actions: { a: {} },
    recovery_policies: { p: { escalation_chain: [{ action: "c" }] } },
  });
  assert.ok(outcome.kind === "valid");
  assert.deepEqual(outcome.contradictions.map(({ path }) => path[0]), [
    "cooldowns",
    "recovery_policies",
  ]);
});
