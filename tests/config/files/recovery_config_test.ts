import assert from "node:assert/strict";
import { z } from "zod";
import { configSchema } from "../../../config/files/config_schema.ts";
import { RecoveryConfig } from "../../../config/files/recovery_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { recoveryPoliciesSchema } from "../../../config/schemas/recovery_policies.ts";
import { turnEventLoop } from "../../../testing/sim_time.ts";

const TEXT = `
enabled: off
poll_interval: 5
recovery_policies: { p: { escalation_chain: [{ action: a, params: { none: ~, zero: 0, no: "" } }] } }
`;

function load(text: string) {
  const file: { text: string | null } = { text };
  const readText = () =>
    file.text === null ? Promise.reject(new Deno.errors.NotFound()) : Promise.resolve(file.text);
  const config = RecoveryConfig.load("p.yaml", { schema: recoveryPoliciesSchema, readText });
  return { file, config };
}

Deno.test("RecoveryConfig get walks maps and gives the fallback where there is nothing", async () => {
  const config = await load(TEXT).config;
  const cases = [
    { path: "enabled", value: false },
    { path: "poll_interval", value: 5 },
    { path: "logging.slack_webhook", value: "" },
    { path: "recovery_policies.p.severity_threshold", value: 0.8 },
    { path: "", value: "fallback" },
    { path: "poll_interval.x", value: "fallback" },
    { path: "recovery_policies.q.description", value: "fallback" },
    { path: "recovery_policies.p.escalation_chain.0.action", value: "fallback" },
    { path: "recovery_policies.p.escalation_chain.length", value: "fallback" },
    { path: "recovery_policies.toString", value: "fallback" },
    { path: "enabled.", value: "fallback" },
  ];
  for (const { path, value } of cases) assert.equal(config.get(path, "fallback"), value, path);
  assert.equal(config.get("nowhere"), undefined);
});

Deno.test("RecoveryConfig get gives the fallback for an explicit null", async () => {
  const config = await load("recovery_actions: { a: {} }").config;
  assert.equal(config.get("recovery_actions.a.phase_restrictions", "fallback"), "fallback");
});

Deno.test("RecoveryConfig reload puts a good file in force and keeps the last good one else", async () => {
  const { file, config: loading } = load("poll_interval: 5");
  const config = await loading;
  file.text = "poll_interval: 6";
  assert.deepEqual(await config.reload(), { ok: true, errors: [] });
  assert.equal(config.get("poll_interval"), 6);
  const before = config.document;
  for (const bad of ["poll_interval: x", "a: [", "", null]) {
    file.text = bad;
    const { ok, errors } = await config.reload();
    assert.ok(!ok && errors.length === 1, String(bad));
    assert.equal(config.document, before);
  }
});

Deno.test("RecoveryConfig shares nothing between instances, and nothing in it can be changed", async () => {
  const [one, two] = await Promise.all([
    RecoveryConfig.load(undefined, { schema: recoverySchema }),
    RecoveryConfig.load(undefined, { schema: recoverySchema }),
  ]);
  assert.notEqual(one.get("recovery_actions.safe_mode"), two.get("recovery_actions.safe_mode"));
  assert.notEqual(one.document.logging.slack_events, two.document.logging.slack_events);
  assert.throws(() =>
    Object.assign(one.document.recovery_actions["safe_mode"]!, { enabled: false })
  );
  assert.equal(two.get("recovery_actions.safe_mode.enabled"), true);
  assert.deepEqual(await one.reload(), { ok: true, errors: [] });
  assert.equal(one.source, null);
});

Deno.test("RecoveryConfig asks for a file where there are no defaults", async () => {
  const schema = configSchema({ name: "x", schema: z.strictObject({ a: z.string() }) });
  await assert.rejects(RecoveryConfig.load(undefined, { schema }), TypeError);
});

Deno.test("RecoveryConfig reload says ok only of a file that is in force when several run", async () => {
  const reads: ((text: string) => void)[] = [];
  const readText = () => new Promise<string>((go) => void reads.push(go));
  const loading = RecoveryConfig.load("r.yaml", { schema: recoverySchema, readText });
  reads[0]!("poll_interval: 1");
  const config = await loading;
  const first = config.reload();
  await turnEventLoop();
  const [second, third] = [config.reload(), config.reload()];
  await turnEventLoop();
  assert.equal(reads.length, 2);
  reads[1]!("poll_interval: 2");
  assert.deepEqual(await first, { ok: true, errors: [] });
  assert.equal(config.get("poll_interval"), 2);
  await turnEventLoop();
  reads[2]!("poll_interval: x");
  assert.equal((await second).ok, false);
  assert.equal(await third, await second);
  assert.equal(config.get("poll_interval"), 2);
  assert.equal(reads.length, 3);
});

Deno.test("RecoveryConfig reload goes on after one that threw", async () => {
  let fail = false;
  const schema = configSchema({
    name: "picky",
    schema: z.strictObject({ a: z.number() }),
    rules: [() => {
      if (fail) throw new Error("broken rule");
      return [];
    }],
  });
  const readText = () => Promise.resolve("a: 1");
  const config = await RecoveryConfig.load("a.yaml", { schema, readText });
  fail = true;
  await assert.rejects(config.reload(), /broken rule/);
  fail = false;
  assert.deepEqual(await config.reload(), { ok: true, errors: [] });
});
