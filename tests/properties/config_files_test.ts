import assert from "node:assert/strict";
import { parseConfig } from "../../config/files/parse_config.ts";
import { fixedEnv } from "../../config/env_reader.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import { testLayersSchema } from "../../config/schemas/test_layers.ts";

/** Real files that are no part of the repository: where they are, they must load as they are, too. */
const REFERENCE = "../../../shared/reference/configs";

const KINDS = [
  { file: "recovery.yaml", schema: recoverySchema, faults: [] },
  { file: "recovery_policies.yaml", schema: recoveryPoliciesSchema, faults: [] },
  {
    file: "test_layers.yaml",
    schema: testLayersSchema,
    // What the shipped file is known to contradict itself in.
    faults: [
      "warning layers.fast_feedback.categories[2].timeout_seconds",
      "error layers.service_integration.conflicts[0]",
      "error layers.service_integration.conflicts[1]",
      "error execution_config.global_timeout_minutes",
      "warning execution_config.max_memory_usage_mb",
    ],
  },
] as const;

const env = fixedEnv({});
const { state } = await Deno.permissions.query({ name: "read" });
const mayRead = state === "granted";

for (const { file, schema, faults } of KINDS) {
  Deno.test({
    name: `parseConfig reads ${file} as users have it${mayRead ? "" : " (needs --allow-read)"}`,
    ignore: !mayRead,
    async fn() {
      const ours = await Deno.readTextFile(
        new URL(`../../examples/config/${file}`, import.meta.url),
      );
      const { config, contradictions } = await parseConfig<unknown>(ours, schema, { env });
      assert.deepEqual(contradictions, []);
      const again = await parseConfig<unknown>(JSON.stringify(config), schema);
      assert.deepEqual(again.config, config);

      const theirs = await readIfThere(new URL(`${REFERENCE}/${file}`, import.meta.url));
      if (theirs === undefined) return;
      const read = await parseConfig<unknown>(theirs, schema, { env });
      assert.deepEqual(
        read.contradictions.map(({ severity, path }) => `${severity} ${path}`),
        faults,
      );
    },
  });
}

async function readIfThere(url: URL): Promise<string | undefined> {
  try {
    return await Deno.readTextFile(url);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return undefined;
  }
}
