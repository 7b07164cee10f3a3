import assert from "node:assert/strict";
import { makeServiceConfig } from "../../../config/availability/service_config.ts";
import {
  DENIED,
  JUNK,
  OFF,
  ON,
  type Sample,
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
    availability_key: "docker_available",
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
