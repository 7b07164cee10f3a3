import assert from "node:assert/strict";
import {
  DuplicateFeatureError,
  NotProbedError,
  UnknownFeatureError,
} from "../../../config/availability/availability_errors.ts";
import {
  OrchestrationConfig,
  restartOrchestrationConfig,
} from "../../../config/availability/orchestration_config.ts";
import {
  AVAILABLE,
  type FeatureProbe,
  unavailable,
} from "../../../config/availability/feature_probe.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { ChangingEnv } from "./changing_env.ts";

const NAMES = ["orchestrator", "master_orchestration", "background_e2e", "docker"] as const;

/** A configuration whose probes count, and answer as the test says. */
function setUp(up: Partial<Record<(typeof NAMES)[number], boolean>> = {}) {
  const state: Record<string, boolean | undefined> = { ...up };
  const counts: Record<string, number> = {};
  const probeOf = (name: string): FeatureProbe => async () => {
    counts[name] = (counts[name] ?? 0) + 1;
    await Promise.resolve();
    return state[name] ? AVAILABLE : unavailable(`no ${name}`);
  };
  const env = new ChangingEnv();
  const clock = new FakeClock();
  const probes = Object.fromEntries(NAMES.map((name) => [name, probeOf(name)]));
  return { config: new OrchestrationConfig({ env, clock, probes }), env, clock, state, counts };
}

type Wait = (config: OrchestrationConfig) => Promise<void>;

/** Every way to ask without waiting. */
const GETTERS: readonly ((config: OrchestrationConfig) => unknown)[] = [
  (config) => config.orchestratorAvailable,
  (config) => config.masterOrchestrationAvailable,
  (config) => config.backgroundE2eAvailable,
  (config) => config.dockerAvailable,
  (config) => config.allOrchestrationAvailable,
  (config) => config.anyOrchestrationAvailable,
  (config) => config.available("docker"),
  (config) => config.getAvailabilityStatus(),
  (config) => config.getAvailableFeatures(),
  (config) => config.getUnavailableFeatures(),
  (config) => config.getImportErrors(),
  (config) => config.getServiceConfig("docker"),
  (config) => config.validateConfiguration(),
  (config) => config.describe(),
];

Deno.test("OrchestrationConfig throws NotProbedError from every getter before ready", async () => {
  const { config } = setUp();
  for (const get of GETTERS) {
    assert.throws(() => get(config), NotProbedError, String(get));
    assert.throws(() => get(config), /await config\.ready\(\)/);
  }
  await config.ready();
  for (const get of GETTERS) get(config);
  config.invalidate();
  for (const get of GETTERS) assert.throws(() => get(config), NotProbedError, String(get));
});

Deno.test("OrchestrationConfig answers from its probes once ready", async () => {
  const { config } = setUp({ orchestrator: true, docker: true });
  await config.ready();
  assert.deepEqual([
    config.orchestratorAvailable,
    config.masterOrchestrationAvailable,
    config.backgroundE2eAvailable,
    config.dockerAvailable,
    config.allOrchestrationAvailable,
    config.anyOrchestrationAvailable,
  ], [true, false, false, true, false, true]);
  assert.deepEqual(config.getAvailableFeatures(), ["docker", "orchestrator"]);
  assert.deepEqual(config.getUnavailableFeatures(), ["background_e2e", "master_orchestration"]);
  assert.deepEqual(config.getImportErrors(), {
    background_e2e: "no background_e2e",
    master_orchestration: "no master_orchestration",
  });
  assert.equal(config.getServiceConfig("docker").timeout_seconds, 5);
  assert.match(config.validateConfiguration()[0]?.message ?? "", /^Only 1\/3/);
  assert.match(config.describe(), /^orchestrator +available\n/);
});

Deno.test("OrchestrationConfig probes once for 100 first questions of all kinds", async () => {
  const { config, counts } = setUp({ docker: true });
  const asks = Array.from({ length: 100 }, (_, i) => {
    if (i % 4 === 0) return config.ready();
    if (i % 4 === 1) return config.refresh();
    return i % 4 === 2 ? config.explainAll() : config.isAvailable("docker");
  });
  await Promise.all(asks);
  assert.deepEqual(counts, Object.fromEntries(NAMES.map((name) => [name, 1])));
});

Deno.test("OrchestrationConfig keeps a failure until it is told to probe again", async () => {
  const { config, state, counts } = setUp();
  assert.equal(await config.isAvailable("docker"), false);
  state["docker"] = true;
  await config.refresh();
  assert.equal(await config.isAvailable("docker"), false);
  assert.equal(counts["docker"], 1);
  await config.refresh({ force: true });
  assert.equal(config.dockerAvailable, true);
  assert.deepEqual(config.getImportErrors()["docker"], undefined);
  assert.equal(counts["docker"], 2);
});

Deno.test("OrchestrationConfig refreshes the features it is told to", async () => {
  const { config, state, counts } = setUp();
  await config.refresh({ features: ["docker"] });
  assert.deepEqual({ ...counts }, { docker: 1 });
  state["docker"] = true;
  state["orchestrator"] = true;
  await config.ready();
  await config.refresh({ force: true, features: ["docker"] });
  assert.deepEqual([config.dockerAvailable, counts["docker"], counts["orchestrator"]], [
    true,
    2,
    1,
  ]);
  await assert.rejects(config.refresh({ force: true, features: ["dokcer"] }), UnknownFeatureError);
});

Deno.test("OrchestrationConfig has every answer after ready or refresh, whatever happens meanwhile", async () => {
  const waits: readonly (readonly [isReady: boolean, Wait])[] = [
    [false, (config) => config.ready()],
    [false, (config) => config.refresh()],
    [false, (config) => config.refresh({ force: true })],
    [true, (config) => config.refresh({ force: true })],
  ];
  const events: readonly ((config: OrchestrationConfig) => void)[] = [
    (config) => config.invalidate(),
    (config) => config.register({ name: "late", about: "" }),
  ];
  for (const [isReady, wait] of waits) {
    for (const event of events) {
      const { config } = setUp({ docker: true });
      if (isReady) await config.ready();
      const done = wait(config);
      await Promise.resolve();
      event(config);
      await done;
      assert.equal(config.getAvailableFeatures()[0], "docker", `${wait} with ${event}`);
    }
  }
});

Deno.test("OrchestrationConfig does not take what was probed before it was invalidated", async () => {
  const { config, state } = setUp();
  await config.ready();
  const done = config.refresh({ force: true, features: ["docker"] });
  await Promise.resolve().then();
  state["docker"] = true;
  config.invalidate();
  await done;
  assert.equal(config.dockerAvailable, true);
});

Deno.test("OrchestrationConfig probes at ready also what an override decides", async () => {
  const { config, env, counts } = setUp({ docker: true });
  env.set("ORCHESTRATION_DOCKER_AVAILABLE", "no");
  await config.ready();
  assert.deepEqual([config.dockerAvailable, counts["docker"]], [false, 1]);
  env.delete("ORCHESTRATION_DOCKER_AVAILABLE");
  assert.equal(config.dockerAvailable, true);
});

Deno.test("OrchestrationConfig shows the old snapshot until a refresh has ended", async () => {
  const { config, state } = setUp();
  await config.ready();
  for (const name of NAMES) state[name] = true;
  const seen = new Set<string>();
  const done = config.refresh({ force: true }).then(() => "done");
  for (;;) {
    seen.add(config.getAvailableFeatures().join());
    if (await Promise.race([done, Promise.resolve("running")]) === "done") break;
  }
  seen.add(config.getAvailableFeatures().join());
  assert.deepEqual([...seen], ["", "background_e2e,docker,master_orchestration,orchestrator"]);
});

Deno.test("OrchestrationConfig reads overrides at every question and never stores them", async () => {
  const { config, env, counts } = setUp({ docker: true });
  const variable = "ORCHESTRATION_DOCKER_AVAILABLE";
  env.set(variable, "off");
  assert.equal(config.dockerAvailable, false);
  assert.equal(await config.isAvailable("docker"), false);
  assert.equal(counts["docker"], undefined);
  await config.ready();
  const cases: readonly [string | undefined, boolean][] = [
    ["on", true],
    ["OFF", false],
    ["", false],
    [" true ", false],
    [undefined, true],
  ];
  for (const [value, expected] of cases) {
    if (value === undefined) env.delete(variable);
    else env.set(variable, value);
    assert.equal(config.dockerAvailable, expected, value);
    assert.equal(await config.isAvailable("docker"), expected, value);
    assert.equal(config.getAvailabilityStatus().dockerAvailable, expected, value);
  }
  assert.equal(counts["docker"], 1);
});

Deno.test("OrchestrationConfig reports a denied environment and lets probes answer", async () => {
  const { config, env } = setUp({ docker: true });
  env.set("ORCHESTRATION_DOCKER_AVAILABLE", "off");
  env.set("ORCHESTRATION_DEBUG", "on");
  env.denied = true;
  await config.ready();
  assert.deepEqual([config.dockerAvailable, config.debugMode], [true, false]);
  assert.equal(config.getAvailabilityStatus().unreadableOverrides.length, NAMES.length);
  assert.match(config.validateConfiguration().at(-1)?.message ?? "", /cannot be read/);
  env.denied = false;
  assert.deepEqual([config.dockerAvailable, config.debugMode], [false, true]);
});

Deno.test("OrchestrationConfig ends a hanging probe with the deadline it was given", async () => {
  const clock = new FakeClock();
  const config = new OrchestrationConfig({
    clock,
    env: new ChangingEnv(),
    probeTimeoutMs: 120,
    features: [{ name: "stuck", about: "", probe: () => new Promise(() => {}) }],
  });
  const status = config.explain("stuck");
  await clock.advance(120);
  assert.equal((await status).reason, "timed out after 120 ms");
  assert.equal(config.getServiceConfig("stuck").timeout_seconds, 0.12);
});

Deno.test("OrchestrationConfig takes new features before and after it probed", async () => {
  const { config } = setUp();
  await config.ready();
  config.register({ name: "gpu", about: "", probe: () => AVAILABLE });
  config.register({ name: "gpu_suite", about: "", needs: ["gpu", "docker"] });
  assert.throws(() => config.available("gpu"), NotProbedError);
  assert.throws(() => config.getAvailabilityStatus(), { features: ["gpu", "gpu_suite"] });
  assert.equal(await config.isAvailable("gpu"), true);
  assert.equal((await config.explain("gpu_suite")).reason, "needs docker: no docker");
  assert.deepEqual(config.featureNames, [...NAMES, "gpu", "gpu_suite"]);
  assert.throws(() => config.register({ name: "gpu", about: "" }), DuplicateFeatureError);
});

Deno.test("OrchestrationConfig refuses features that it does not know", async () => {
  const { config } = setUp();
  const unknown = { name: "UnknownFeatureError", suggestion: "docker" };
  assert.throws(() => config.available("dokcer"), unknown);
  assert.throws(() => config.getServiceConfig("dokcer"), unknown);
  await assert.rejects(config.isAvailable("dokcer"), unknown);
  await assert.rejects(config.explain("dokcer"), unknown);
});

Deno.test("OrchestrationConfig.toString never throws for want of a probe", async () => {
  const { config, state } = setUp();
  assert.equal(String(config), "OrchestrationConfig(not probed)");
  await config.ready();
  assert.equal(String(config), "OrchestrationConfig(available=none)");
  Object.assign(state, { docker: true, orchestrator: true });
  await config.refresh({ force: true });
  assert.equal(String(config), "OrchestrationConfig(available=docker,orchestrator)");
});

Deno.test("restartOrchestrationConfig forgets probes and features", async () => {
  const { config } = setUp({ docker: true });
  config.register({ name: "gpu", about: "" });
  await config.ready();
  restartOrchestrationConfig(config, { env: new ChangingEnv() });
  assert.throws(() => config.dockerAvailable, NotProbedError);
  assert.deepEqual(config.featureNames, NAMES);
});
