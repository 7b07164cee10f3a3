import assert from "node:assert/strict";
import {
  getOrchestrationConfig,
  getOrchestrationStatus,
  isAllOrchestrationAvailable,
  isBackgroundE2eAvailable,
  isDockerAvailable,
  isMasterOrchestrationAvailable,
  isOrchestratorAvailable,
  orchestrationConfig,
  refreshGlobalOrchestrationConfig,
  resetOrchestrationConfigForTests,
  validateGlobalOrchestrationConfig,
} from "../../../config/availability/shared_orchestration_config.ts";
import { NotProbedError } from "../../../config/availability/availability_errors.ts";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";
import { ChangingEnv } from "./changing_env.ts";

/** Runs with a shared configuration that the test can change. */
async function withShared(
  run: (up: Set<string>, env: ChangingEnv) => Promise<void>,
): Promise<void> {
  const up = new Set<string>();
  const env = new ChangingEnv();
  const names = ["orchestrator", "master_orchestration", "background_e2e", "docker"];
  const probes = Object.fromEntries(
    names.map((name) => [name, () => up.has(name) ? AVAILABLE : unavailable("down")]),
  );
  resetOrchestrationConfigForTests({ env, probes });
  try {
    await run(up, env);
  } finally {
    resetOrchestrationConfigForTests();
  }
}

Deno.test("getOrchestrationConfig gives the one shared object, before and after a reset", () => {
  const before = getOrchestrationConfig();
  resetOrchestrationConfigForTests();
  assert.equal(before, orchestrationConfig);
  assert.equal(getOrchestrationConfig(), orchestrationConfig);
});

Deno.test("each function answers for its feature", async () => {
  const functions = [
    ["orchestrator", isOrchestratorAvailable],
    ["master_orchestration", isMasterOrchestrationAvailable],
    ["background_e2e", isBackgroundE2eAvailable],
    ["docker", isDockerAvailable],
  ] as const;
  for (const [name] of functions) {
    await withShared(async (up) => {
      up.add(name);
      for (const [other, ask] of functions) assert.equal(await ask(), other === name, other);
      assert.equal(await isAllOrchestrationAvailable(), false);
    });
  }
});

Deno.test("isAllOrchestrationAvailable leaves Docker out", async () => {
  await withShared(async (up) => {
    for (const name of ["orchestrator", "master_orchestration", "background_e2e"]) up.add(name);
    assert.equal(await isAllOrchestrationAvailable(), true);
    assert.equal(await isDockerAvailable(), false);
  });
});

Deno.test("isAllOrchestrationAvailable waits for no other feature", async () => {
  const probed: string[] = [];
  const names = ["orchestrator", "master_orchestration", "background_e2e", "docker"];
  const probes = names.map((name) =>
    [name, () => {
      probed.push(name);
      return AVAILABLE;
    }] as const
  );
  resetOrchestrationConfigForTests({
    env: new ChangingEnv(),
    probes: Object.fromEntries(probes),
    features: [{ name: "gpu", about: "", probe: () => assert.fail("not asked for") }],
  });
  try {
    assert.equal(await isAllOrchestrationAvailable(), true);
    assert.deepEqual(probed, names.slice(0, 3));
  } finally {
    resetOrchestrationConfigForTests();
  }
});

Deno.test("refreshGlobalOrchestrationConfig probes again when forced", async () => {
  await withShared(async (up) => {
    assert.equal(await isDockerAvailable(), false);
    up.add("docker");
    await refreshGlobalOrchestrationConfig();
    assert.equal(await isDockerAvailable(), false);
    await refreshGlobalOrchestrationConfig({ force: true });
    assert.equal(await isDockerAvailable(), true);
  });
});

Deno.test("status and validation of the shared configuration probe what they need", async () => {
  await withShared(async (_up, env) => {
    const issues = await validateGlobalOrchestrationConfig();
    assert.equal(issues[0]?.severity, "error");
    env.set("ORCHESTRATION_DOCKER_AVAILABLE", "yes");
    const status = await getOrchestrationStatus();
    assert.deepEqual(status.availableFeatures, ["docker"]);
    assert.deepEqual(status.environmentOverrides, { ORCHESTRATION_DOCKER_AVAILABLE: true });
  });
});

Deno.test("resetOrchestrationConfigForTests forgets what was probed and registered", async () => {
  await withShared(async () => {
    orchestrationConfig.register({ name: "gpu", about: "" });
    await orchestrationConfig.ready();
    resetOrchestrationConfigForTests();
    assert.throws(() => orchestrationConfig.dockerAvailable, NotProbedError);
    assert.equal(orchestrationConfig.featureNames.includes("gpu"), false);
  });
});
