import assert from "node:assert/strict";
import { z } from "zod";
import { configSchema } from "../../../config/files/config_schema.ts";
import type { StandardSchema } from "../../../config/files/standard_schema.ts";

const shop = configSchema<{ readonly open: boolean; readonly tills: number }>({
  name: "shop",
  schema: z.strictObject({ open: z.boolean().default(true), tills: z.int().default(2) }),
  rules: [
    ({ open, tills }) =>
      open && tills === 0 ? [{ path: ["tills"], message: "none open", expected: "one" }] : [],
  ],
});

Deno.test("configSchema reads, finds contradictions, and has defaults", async () => {
  assert.deepEqual(await shop.parse({ tills: 1 }), {
    kind: "valid",
    value: { open: true, tills: 1 },
    contradictions: [],
  });
  const outcome = await shop.parse({ tills: 0 });
  assert.ok(outcome.kind === "valid" && outcome.contradictions[0]?.message === "none open");
  assert.equal((await shop.parse({ tils: 1 })).kind, "invalid");
  assert.deepEqual(await shop.defaults(), { open: true, tills: 2 });
  assert.ok(Object.isFrozen(await shop.defaults()));
});

Deno.test("configSchema has no defaults when something must be said", async () => {
  const schema = configSchema({ name: "x", schema: z.strictObject({ a: z.string() }) });
  assert.equal(await schema.defaults(), null);
});

Deno.test("configSchema describes itself as draft-7, and does so once", async () => {
  const described = await shop.jsonSchema();
  assert.equal(described["$schema"], "http://json-schema.org/draft-07/schema#");
  assert.equal(described["title"], "shop");
  assert.equal(described["additionalProperties"], false);
  assert.equal(described["required"], undefined);
  assert.equal(await shop.jsonSchema(), described);
  assert.ok(Object.isFrozen(described["properties"]));
});

Deno.test("configSchema takes schemas of other libraries, asynchronous ones too", async () => {
  const make = (answer: "ok" | "bad" | "later"): StandardSchema<number> => ({
    "~standard": {
      version: 1,
      vendor: "own",
      validate: () => {
        if (answer === "later") return Promise.resolve({ value: 1 });
        return answer === "ok"
          ? { value: 1 }
          : { issues: [{ message: "no", path: ["a", { key: 0 }] }] };
      },
    },
  });
  const ok = configSchema({ name: "own", schema: make("ok") });
  assert.deepEqual(await ok.jsonSchema(), {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "own",
  });
  assert.deepEqual(await configSchema({ name: "own", schema: make("bad") }).parse({}), {
    kind: "invalid",
    faults: [{ path: ["a", 0], message: "no", expected: "a value that the schema accepts" }],
  });
  const later = await configSchema({ name: "own", schema: make("later") }).parse({});
  assert.ok(later.kind === "valid" && later.value === 1);
});

Deno.test("configSchema reads what an absent file stands for like a file", async () => {
  const schema = z.strictObject({ tills: z.int().min(1), open: z.boolean().default(true) });
  const named = configSchema({ name: "x", schema, defaults: { tills: 3 } });
  assert.deepEqual(await named.defaults(), { tills: 3, open: true });
  assert.equal((await named.parse({})).kind, "invalid");
  const wrong = configSchema({ name: "x", schema, defaults: { tills: 0 } });
  assert.equal(await wrong.defaults(), null);
});

Deno.test("configSchema lets variables stand in the description of values, not in a given one", async () => {
  const schema = z.strictObject({ tills: z.int() });
  const made = JSON.stringify(await configSchema({ name: "x", schema }).jsonSchema());
  assert.ok(made.includes('"anyOf":[{"type":"integer"'), made);
  const given = configSchema({ name: "x", schema, jsonSchema: { type: "integer" } });
  assert.equal((await given.jsonSchema())["type"], "integer");
});

Deno.test("configSchema describes everything as allowed where the library cannot describe it", async () => {
  const schema = z.strictObject({ at: z.date() });
  const dated = configSchema({ name: "dated", schema });
  assert.equal((await dated.jsonSchema())["properties"], undefined);
  const outcome = await dated.parse({ att: 1 });
  assert.ok(outcome.kind === "invalid" && outcome.faults.length === 2);
});
