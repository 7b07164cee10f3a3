import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import type { RecoveryDocument } from "../../../config/schemas/recovery_document.ts";
import { checkedRecoverySchema } from "../../../orchestration/recovery/checked_schemas.ts";
import {
  RecoveryRulebook,
  type RecoveryRulebookOptions,
} from "../../../orchestration/recovery/recovery_rulebook.ts";
import type { RecoveryRules } from "../../../orchestration/recovery/recovery_rules.ts";

const PATH = "recovery.yaml";

/** A rulebook on a file whose text a test changes. */
function onFile(text: string, change: Partial<RecoveryRulebookOptions<RecoveryDocument>> = {}) {
  const file = { text, reads: 0 };
  const prepared: RecoveryRules[] = [];
  const readText = () => {
    file.reads++;
    return Promise.resolve(file.text);
  };
  const rulebook = new RecoveryRulebook<RecoveryDocument>({
    schema: checkedRecoverySchema,
    config: undefined,
    configPath: PATH,
    configOptions: { readText, env: fixedEnv({}) },
    prepare: (_, rules) => Promise.resolve(void prepared.push(rules)),
    ...change,
  });
  return { rulebook, file, prepared };
}

Deno.test("RecoveryRulebook has no rules before they were read", () => {
  const { rulebook, file } = onFile("poll_interval: 10");
  assert.equal(rulebook.current, null);
  assert.equal(rulebook.isDryRun, false);
  assert.throws(() => rulebook.rules, { message: "Cannot go by rules that were not loaded" });
  assert.equal(file.reads, 0);
});

Deno.test("RecoveryRulebook reads its file once, however often it is asked to", async () => {
  const { rulebook, file, prepared } = onFile("poll_interval: 10");
  await Promise.all([rulebook.load(), rulebook.load()]);
  await rulebook.load();
  assert.equal(file.reads, 1);
  assert.equal(rulebook.rules.pollMs, 10_000);
  assert.deepEqual(prepared, [rulebook.current]);
});

Deno.test("RecoveryRulebook reads again after a file that could not be used", async () => {
  const { rulebook, file } = onFile("poll_interval: often");
  await assert.rejects(rulebook.load(), { name: "ConfigError" });
  assert.equal(rulebook.current, null);
  file.text = "poll_interval: 10";
  await rulebook.load();
  assert.equal(rulebook.rules.pollMs, 10_000);
});

Deno.test("RecoveryRulebook has rules in force only once what they need is prepared", async () => {
  let isRefused = true;
  const prepare = () => isRefused ? Promise.reject(new Error("refused")) : Promise.resolve();
  const { rulebook, file } = onFile("poll_interval: 10", { prepare });
  await assert.rejects(rulebook.load(), { message: "refused" });
  assert.equal(rulebook.current, null);
  isRefused = false;
  await rulebook.load();
  isRefused = true;
  file.text = "poll_interval: 20";
  await assert.rejects(rulebook.reload(), { message: "refused" });
  assert.equal(rulebook.rules.pollMs, 10_000);
});

Deno.test("RecoveryRulebook.reload follows the file, and keeps what was in force when it is wrong", async () => {
  const { rulebook, file } = onFile("poll_interval: 10");
  await rulebook.load();
  file.text = "poll_interval: 20";
  assert.deepEqual(await rulebook.reload(), { ok: true, errors: [] });
  assert.equal(rulebook.rules.pollMs, 20_000);
  file.text = "poll_interval: often";
  const { ok, errors } = await rulebook.reload();
  assert.equal(ok, false);
  assert.deepEqual(errors.map(({ path }) => path), ["poll_interval"]);
  assert.equal(rulebook.rules.pollMs, 20_000);
});

Deno.test("RecoveryRulebook.reload reads what was not read yet, and leaves a given document", async () => {
  const { rulebook } = onFile("poll_interval: 10");
  assert.equal((await rulebook.reload()).ok, true);
  assert.equal(rulebook.rules.pollMs, 10_000);
  const { config } = await parseConfig("poll_interval: 30", checkedRecoverySchema);
  const given = onFile("poll_interval: 10", { config, configPath: undefined });
  assert.deepEqual(await given.rulebook.reload(), { ok: true, errors: [] });
  assert.equal(given.rulebook.rules.pollMs, 30_000);
  assert.equal(given.file.reads, 0);
});

Deno.test("RecoveryRulebook goes by the defaults without a document and a file", async () => {
  const { rulebook } = onFile("", { configPath: undefined, configOptions: { env: fixedEnv({}) } });
  await rulebook.load();
  assert.equal(rulebook.rules.enabled, true);
});

Deno.test("RecoveryRulebook refuses both a document and a file", async () => {
  const { config } = await parseConfig("poll_interval: 30", checkedRecoverySchema);
  assert.throws(() => onFile("", { config }), {
    name: "TypeError",
    message: "Give either config or configPath, not both",
  });
});

Deno.test("RecoveryRulebook keeps a dry run that was switched, whatever the file says", async () => {
  const { rulebook } = onFile("poll_interval: 10");
  await rulebook.load();
  assert.equal(rulebook.isDryRun, false);
  rulebook.isDryRun = true;
  await rulebook.reload();
  assert.equal(rulebook.isDryRun, true);
  rulebook.isDryRun = false;
  assert.equal(rulebook.isDryRun, false);
});
