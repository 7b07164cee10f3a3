import assert from "node:assert/strict";
import { testLayersSchema } from "../../../config/schemas/test_layers.ts";
import { schema } from "../../../config/schemas/test_layers_document.ts";

Deno.test("the schema of a layers document is what testLayersSchema loads", async () => {
  assert.equal(schema.name, testLayersSchema.name);
  assert.equal(await schema.jsonSchema(), await testLayersSchema.jsonSchema());
  assert.ok((await schema.parse({})).kind === "invalid");
});
