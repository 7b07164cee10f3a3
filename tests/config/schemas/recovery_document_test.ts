import assert from "node:assert/strict";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { schema } from "../../../config/schemas/recovery_document.ts";

Deno.test("the schema of a recovery document is what recoverySchema loads", async () => {
  assert.equal(schema.name, recoverySchema.name);
  assert.equal(await schema.jsonSchema(), await recoverySchema.jsonSchema());
  const outcome = await schema.parse({ cooldowns: { safe_mod: 1 } });
  assert.ok(outcome.kind === "valid");
  assert.deepEqual(outcome.contradictions.map(({ path }) => path), [["cooldowns", "safe_mod"]]);
});
