import assert from "node:assert/strict";
import { parseConfig } from "../../config/files/parse_config.ts";
import { fixedEnv } from "../../config/env_reader.ts";
import { recoverySchema } from "../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../config/schemas/recovery_policies.ts";
import { testLayersSchema } from "../../config/schemas/test_layers.ts";

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

async function readIfThere(url: URL): Promise<string | null> {
  const { state } = await Deno.permissions.query({ name: "read", path: url });
  if (state !== "granted") return null;
  return await Deno.readTextFile(url).catch(() => null);
}

for (const { file, schema, faults } of KINDS) {
  const ours = await readIfThere(new URL(`../../examples/config/${file}`, import.meta.url));
  const need = ours === null ? " (needs --allow-read)" : "";
  Deno.test(`parseConfig reads our example ${file} without a warning${need}`, {
    ignore: ours === null,
  }, () => {
    const { config, warnings } = parseConfig<unknown>(ours!, schema, { env: fixedEnv({}) });
    assert.deepEqual(warnings, []);
    const again = parseConfig<unknown>(JSON.stringify(config), schema);
    assert.deepEqual(again.config, config);
  });

  // Not part of the repository: real files that must load as they are.
  const shared = new URL(`../../../shared/reference/configs/${file}`, import.meta.url);
  const theirs = await readIfThere(shared);
  if (theirs === null) continue;
  Deno.test(`parseConfig reads the reference's ${file} unchanged`, () => {
    const { warnings } = parseConfig<unknown>(theirs, schema, { env: fixedEnv({}) });
    assert.deepEqual(warnings.map(({ severity, path }) => `${severity} ${path}`), faults);
  });
}
