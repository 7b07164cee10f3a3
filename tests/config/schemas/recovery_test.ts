import assert from "node:assert/strict";
import { fixedEnv } from "../../../config/env_reader.ts";
import { parseConfig } from "../../../config/files/parse_config.ts";
import { recoverySchema } from "../../../config/schemas/recovery.ts";
import { refusedPaths } from "./refused_paths.ts";

Deno.test("recoverySchema has the documented defaults", async () => {
  const defaults = await recoverySchema.defaults();
  assert.deepEqual(defaults?.thresholds, {
    circuit_open_duration: 300,
    retry_failures_1h: 50,
    min_anomaly_accuracy: 0.8,
    failed_components: 2,
  });
  assert.deepEqual(defaults?.cooldowns, { circuit_restart: 300, cache_purge: 600, safe_mode: 300 });
  assert.deepEqual(defaults?.recovery_actions, {
    circuit_restart: { enabled: true, timeout: 30 },
    cache_purge: { enabled: true, timeout: 60 },
    safe_mode: { enabled: true, timeout: 10 },
  });
  assert.deepEqual([defaults?.enabled, defaults?.poll_interval], [true, 30]);
  assert.deepEqual([defaults?.redis, defaults?.services], [null, null]);
});

Deno.test("recoverySchema merges maps with the defaults, and lists replace them", async () => {
  const text = "cooldowns: { cache_purge: 5, mine: 6 }\nlogging: { slack_events: [alert] }\n" +
    "recovery_actions: { safe_mode: { enabled: no }, mine: {} }";
  const { config, contradictions } = await parseConfig(text, recoverySchema);
  assert.deepEqual(config.cooldowns, {
    circuit_restart: 300,
    cache_purge: 5,
    safe_mode: 300,
    mine: 6,
  });
  assert.deepEqual(config.logging.slack_events, ["alert"]);
  assert.deepEqual(config.recovery_actions["safe_mode"], { enabled: false, timeout: 10 });
  assert.deepEqual(config.recovery_actions["mine"], { enabled: true, timeout: 30 });
  assert.deepEqual(contradictions, []);
});

Deno.test("recoverySchema takes a variable with a default in every place", async () => {
  const text = `
enabled: \${RECOVERY_ENABLED:true}
poll_interval: \${POLL_INTERVAL:30}
thresholds: { failed_components: "\${FAILED_COMPONENTS:2}" }
recovery_actions: { safe_mode: { enabled: "\${SAFE_MODE_ENABLED:true}", timeout: "\${SAFE_MODE_TIMEOUT:120}" } }
logging: { level: "\${LOG_LEVEL:INFO}", format: "\${LOG_FORMAT:json}", file: "\${LOG_FILE:x.log}" }
redis:
  host: \${REDIS_HOST:localhost}
  port: \${REDIS_PORT:6379}
  password: \${REDIS_PASSWORD:}
  db: \${REDIS_DB:0}
  url: redis://\${REDIS_HOST:localhost}:\${REDIS_PORT:6379}/\${REDIS_DB:0}
services:
  monitoring_endpoint: \${MONITORING_ENDPOINT:http://localhost:9090}
  alert_webhook: \${ALERT_WEBHOOK:}
  health_check_url: \${HEALTH_CHECK_URL:}
`;
  const env = fixedEnv({ REDIS_PASSWORD: "007", REDIS_PORT: "7000", RECOVERY_ENABLED: "off" });
  const { config } = await parseConfig(text, recoverySchema, { env, allowEnv: ["*"] });
  assert.equal(config.enabled, false);
  assert.deepEqual(config.redis, {
    host: "localhost",
    port: 7_000,
    password: "007",
    db: 0,
    url: "redis://localhost:7000/0",
  });
  assert.equal(config.recovery_actions["safe_mode"]?.timeout, 120);
});

Deno.test("recoverySchema refuses what is out of range or of another kind", async () => {
  const cases = [
    { text: "poll_interval: 0", path: "poll_interval" },
    { text: "poll_interval: -5", path: "poll_interval" },
    { text: "poll_interval: '30'", path: "poll_interval" },
    { text: "thresholds: { min_anomaly_accuracy: 1.1 }", path: "thresholds.min_anomaly_accuracy" },
    { text: "thresholds: { failed_components: 0 }", path: "thresholds.failed_components" },
    { text: "cooldowns: { safe_mode: -1 }", path: "cooldowns.safe_mode" },
    { text: "cooldowns: { mine: soon }", path: "cooldowns.mine" },
    { text: "recovery_actions: { mine: { enable: yes } }", path: "recovery_actions.mine.enable" },
    {
      text: "recovery_actions: { safe_mode: { timeout: 0 } }",
      path: "recovery_actions.safe_mode.timeout",
    },
    { text: "redis: { port: 70000 }", path: "redis.port" },
    { text: "advanced: { max_concurrent_actions: 0 }", path: "advanced.max_concurrent_actions" },
    { text: "logging: { level: info }", path: "logging.level" },
  ];
  for (const { text, path } of cases) {
    assert.deepEqual(await refusedPaths(text, recoverySchema), [path]);
  }
});
