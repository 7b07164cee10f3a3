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

Deno.test("configSchema reads, finds contradictions, and has defaults", () => {
  assert.deepEqual(shop.parse({ tills: 1 }), {
    kind: "valid",
    value: { open: true, tills: 1 },
    contradictions: [],
  });
  const outcome = shop.parse({ tills: 0 });
  assert.ok(outcome.kind === "valid" && outcome.contradictions[0]?.message === "none open");
  assert.ok(shop.parse({ tils: 1 }).kind === "invalid");
  assert.deepEqual(shop.defaults(), { open: true, tills: 2 });
  assert.ok(Object.isFrozen(shop.defaults()));
});

Deno.test("configSchema has no defaults when something must be said", () => {
  const schema = configSchema({ name: "x", schema: z.strictObject({ a: z.string() }) });
  assert.equal(schema.defaults(), null);
});

Deno.test("configSchema describes itself as draft-7, and does so once", () => {
  const described = shop.jsonSchema();
  assert.equal(described["$schema"], "http://json-schema.org/draft-07/schema#");
  assert.equal(described["title"], "shop");
  assert.equal(described["additionalProperties"], false);
  assert.equal(described["required"], undefined);
  assert.equal(shop.jsonSchema(), described);
  assert.ok(Object.isFrozen(described["properties"]));
});

Deno.test("configSchema takes schemas of other libraries, and says what it cannot", () => {
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
  assert.deepEqual(ok.jsonSchema(), {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "own",
  });
  assert.deepEqual(configSchema({ name: "own", schema: make("bad") }).parse({}), {
    kind: "invalid",
    faults: [{ path: ["a", 0], message: "no", expected: "a value that the schema accepts" }],
  });
  assert.throws(() => configSchema({ name: "own", schema: make("later") }).parse({}), TypeError);
});
