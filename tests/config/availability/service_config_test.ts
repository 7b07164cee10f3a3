import assert from "node:assert/strict";
import { makeServiceConfig } from "../../../config/availability/service_config.ts";
import { importProbe } from "../../../config/availability/probes/import_probe.ts";
import {
  DENIED,
  JUNK,
  OFF,
  ON,
  type Sample,
  sampleAvailability,
  sampleFeature,
  sampleStatus,
} from "./sample_status.ts";

Deno.test("makeServiceConfig tells what is enforced, in text, numbers and booleans", () => {
  const config = makeServiceConfig(
    sampleFeature("docker", ["kv"]),
    sampleStatus(["docker", "down"]),
    true,
  );
  const expected = {
    availability_key: null,
    about: "about docker",
    needs: ["kv"],
    timeout_seconds: 2.5,
    environment_vars: ["ORCHESTRATION_DOCKER_AVAILABLE", "ORCHESTRATION_DEBUG"],
    available: false,
    last_error: "down",
    environment_override: null,
    debug_mode: true,
  };
  assert.deepEqual(config, expected);
  assert.equal(JSON.stringify(config), JSON.stringify(expected));
  assert.ok(Object.isFrozen(config) && Object.isFrozen(config.environment_vars));
});

Deno.test("makeServiceConfig names a key of the status only where there is one", () => {
  const status = sampleAvailability([]).toDict();
  const cases: readonly [string, string | null][] = [
    ["orchestrator", "orchestrator_available"],
    ["master_orchestration", "master_orchestration_available"],
    ["background_e2e", "background_e2e_available"],
    ["docker", null],
    ["gpu", null],
    ["all_orchestration", null],
  ];
  for (const [name, expected] of cases) {
    const key = makeServiceConfig(sampleFeature(name), sampleStatus([name, null]), false)
      .availability_key;
    assert.equal(key, expected);
    assert.ok(key === null || key in status);
  }
});

Deno.test("makeServiceConfig tells what a probe imports, if that is what it does", () => {
  const probe = importProbe("./agent.ts", {
    load: () => Promise.resolve({}),
    exports: ["Agent", "Plan"],
  });
  const feature = { ...sampleFeature("agents"), probe };
  const config = makeServiceConfig(feature, sampleStatus(["agents", null]), false);
  assert.deepEqual(config.import_modules, ["./agent.ts"]);
  assert.deepEqual(config.required_classes, ["Agent", "Plan"]);
  const lists = [config.import_modules, config.required_classes];
  assert.ok(lists.every((each) => Object.isFrozen(each)));
});

Deno.test("makeServiceConfig tells the override and the last error apart", () => {
  const cases: readonly [Sample, boolean, boolean | null, RegExp | null][] = [
    [["docker", null], true, null, null],
    [["docker", null, DENIED], true, null, null],
    [["docker", "down", ON], true, true, /^down$/],
    [["docker", "down", OFF], false, false, /^down$/],
    [["docker", null, OFF], false, false, /^switched off/],
    [["docker", null, JUNK], false, false, /"maybe"/],
  ];
  for (const [sample, available, override, error] of cases) {
    const config = makeServiceConfig(sampleFeature("docker"), sampleStatus(sample), false);
    assert.deepEqual([config.available, config.environment_override], [available, override]);
    if (error === null) assert.equal(config.last_error, null);
    else assert.match(config.last_error ?? "", error);
  }
});
