import assert from "node:assert/strict";
import { envOf } from "../../cli/env_of.ts";

Deno.test("envOf reads what may be read and takes empty for unset", () => {
  Deno.env.set("BATON_TEST_ENV_OF", "value");
  assert.equal(envOf("BATON_TEST_ENV_OF"), "value");
  Deno.env.set("BATON_TEST_ENV_OF", "");
  assert.equal(envOf("BATON_TEST_ENV_OF"), undefined);
  Deno.env.delete("BATON_TEST_ENV_OF");
  assert.equal(envOf("BATON_TEST_ENV_OF"), undefined);
});

Deno.test("envOf neither throws nor prompts without permission", {
  permissions: { env: false },
}, () => {
  assert.equal(envOf("PATH"), undefined);
  envOf("FORCE_COLOR");
});
