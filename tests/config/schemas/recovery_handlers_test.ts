import assert from "node:assert/strict";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { handler, scope } from "../../../config/schemas/recovery_handlers.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import { refusedPaths } from "./refused_paths.ts";

Deno.test("a handler is exactly one kind, with a verifier and a scope that need not be said", () => {
  assert.deepEqual(handler.parse({ fallback: { mode: "SAFE" } }), {
    fallback: { mode: "SAFE", hold: null },
    verify: null,
    scope: null,
  });
  assert.equal(scope().parse("Node"), "node");
  assert.equal(scope().parse(undefined), null);
});

Deno.test("both documents take handlers, and count them as known actions", async () => {
  const text = "cooldowns: { page: 5 }\nhandlers: { page: { notify: {} } }";
  const documents = [
    await parseConfig(text, recoverySchema),
    await parseConfig(text, recoveryPoliciesSchema),
  ];
  for (const { config, contradictions } of documents) {
    assert.deepEqual(Object.keys(config.handlers), ["page"]);
    assert.deepEqual(contradictions, []);
  }
});

Deno.test("a handler that cannot be is told of at its place", async () => {
  const cases = [
    { text: "{}", path: "" },
    { text: "{ log: {}, notify: {} }", path: "" },
    { text: "{ log: {}, verfy: {} }", path: ".verfy" },
    { text: "{ log: {}, verify: {} }", path: ".verify" },
    { text: "{ log: {}, scope: world }", path: ".scope" },
    { text: "{ exec: { argv: [] } }", path: ".exec.argv" },
    { text: "{ fallback: { mode: saef } }", path: ".fallback.mode" },
    {
      text: "{ http: { url: 'http://a.org', method: GET, body: x } }",
      path: ".http.body",
    },
  ];
  for (const { text, path } of cases) {
    const found = await refusedPaths(`handlers: { a: ${text} }`, recoverySchema);
    assert.deepEqual(found, [`handlers.a${path}`], text);
  }
});

Deno.test("the schema of handlers is told to editors", async () => {
  const { properties } = await recoverySchema.jsonSchema() as {
    properties: { handlers: { additionalProperties: { properties: Record<string, unknown> } } };
  };
  assert.deepEqual(Object.keys(properties.handlers.additionalProperties.properties), [
    "exec",
    "http",
    "fallback",
    "breaker",
    "log",
    "notify",
    "verify",
    "scope",
  ]);
});
