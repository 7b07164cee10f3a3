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

/** A file's text, or why there is none. */
type Reading = { readonly text: string } | { readonly missing: string };

async function read(url: URL): Promise<Reading> {
  const { state } = await Deno.permissions.query({ name: "read", path: url });
  if (state !== "granted") return { missing: "needs --allow-read" };
  try {
    return { text: await Deno.readTextFile(url) };
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { missing: "the file is not here" };
  }
}

/** Registers a test of a file's text, ignored with the reason in its name when there is none. */
function testFile(name: string, reading: Reading, run: (text: string) => Promise<void>): void {
  const isMissing = "missing" in reading;
  Deno.test(isMissing ? `${name} (${reading.missing})` : name, { ignore: isMissing }, async () => {
    if (!isMissing) await run(reading.text);
  });
}

const env = fixedEnv({});
for (const { file, schema, faults } of KINDS) {
  const ours = await read(new URL(`../../examples/config/${file}`, import.meta.url));
  testFile(`parseConfig reads our example ${file} without a contradiction`, ours, async (text) => {
    const { config, contradictions } = await parseConfig<unknown>(text, schema, { env });
    assert.deepEqual(contradictions, []);
    const again = await parseConfig<unknown>(JSON.stringify(config), schema);
    assert.deepEqual(again.config, config);
  });

  // Not part of the repository: real files that must load as they are.
  const theirs = await read(new URL(`../../../shared/reference/configs/${file}`, import.meta.url));
  testFile(`parseConfig reads the reference's ${file} unchanged`, theirs, async (text) => {
    const { contradictions } = await parseConfig<unknown>(text, schema, { env });
    assert.deepEqual(contradictions.map(({ severity, path }) => `${severity} ${path}`), faults);
  });
}
