import assert from "node:assert/strict";
import { z } from "zod";
import { configSchema } from "../../../config/files/config_schema.ts";
import { lazySchema } from "../../../config/files/lazy_schema.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";

Deno.test("lazySchema loads at its first use, and answers as what it loaded", async () => {
  const inner = configSchema({
    name: "shop",
    schema: z.strictObject({ tills: z.int().default(2) }),
  });
  let loads = 0;
  const lazy = lazySchema("shop", () => {
    loads++;
    return Promise.resolve(inner);
  });
  assert.deepEqual([lazy.name, loads], ["shop", 0]);
  assert.deepEqual(await lazy.parse({ tills: 1 }), await inner.parse({ tills: 1 }));
  assert.deepEqual(await lazy.defaults(), { tills: 2 });
  assert.deepEqual(await lazy.jsonSchema(), await inner.jsonSchema());
  assert.equal(loads, 3);
});

Deno.test("lazySchema of a file in the package needs no permission", {
  permissions: "none",
}, async () => {
  const { config } = await parseConfig("poll_interval: 7", recoverySchema);
  assert.equal(config.poll_interval, 7);
});
