import assert from "node:assert/strict";
import {
  NotProbedError,
  UnknownFeatureError,
} from "../../../config/availability/availability_errors.ts";
import { FeatureAnswers } from "../../../config/availability/feature_answers.ts";
import { FeatureRegistry } from "../../../config/availability/feature_registry.ts";
import { AVAILABLE, unavailable } from "../../../config/availability/feature_probe.ts";
import { Snapshots } from "../../../config/availability/snapshots.ts";
import { ChangingEnv } from "./changing_env.ts";

const variable = (name: string) => `ORCHESTRATION_${name.toUpperCase()}_AVAILABLE`;

/** `suite` needs `docker` and `net`; `net` is down. */
function setUp() {
  const registry = new FeatureRegistry(1_000);
  registry.register({ name: "docker", about: "" });
  registry.register({ name: "net", about: "" });
  registry.register({ name: "suite", about: "", needs: ["docker", "net"] });
  const probed: string[] = [];
  const snapshots = new Snapshots((name) => {
    probed.push(name);
    return Promise.resolve(name === "net" ? unavailable("no route") : AVAILABLE);
  }, () => registry.names);
  const env = new ChangingEnv();
  return { answers: new FeatureAnswers(registry, snapshots, env), snapshots, env, probed };
}

Deno.test("FeatureAnswers throws NotProbedError naming everything that was not probed", async () => {
  const { answers } = setUp();
  assert.throws(() => answers.isAvailable("docker"), NotProbedError);
  assert.throws(() => answers.read(["docker", "net", "docker"]), { features: ["docker", "net"] });
  await answers.ask(["docker"]);
  assert.equal(answers.isAvailable("docker"), true);
  assert.throws(() => answers.read(["docker", "net"]), { features: ["net"] });
});

Deno.test("FeatureAnswers probes a feature and then what it needs", async () => {
  const { answers, probed } = setUp();
  const [suite] = await answers.ask(["suite"]);
  assert.deepEqual(probed, ["suite", "docker", "net"]);
  assert.equal(suite?.reason, "needs net: no route");
  assert.equal(answers.isAvailable("suite"), false);
  assert.equal(answers.read(["suite"])[0]?.reason, "needs net: no route");
});

Deno.test("FeatureAnswers follows overrides of what a feature needs", async () => {
  const { answers, env } = setUp();
  await answers.ask(["suite"]);
  env.set(variable("net"), "on");
  assert.equal(answers.isAvailable("suite"), true);
  assert.equal((await answers.ask(["suite"]))[0]?.available, true);
  env.set(variable("docker"), "off");
  assert.equal(answers.isAvailable("suite"), false);
  env.set(variable("suite"), "1");
  assert.equal(answers.isAvailable("suite"), true);
  assert.equal(answers.read(["suite"])[0]?.available, true);
});

Deno.test("FeatureAnswers needs no probe where an override decides", async () => {
  const cases: readonly [string, boolean][] = [["yes", true], ["no", false], ["", false]];
  for (const [value, expected] of cases) {
    const { answers, env, probed } = setUp();
    env.set(variable("docker"), value);
    assert.equal(answers.isAvailable("docker"), expected);
    assert.equal(answers.read(["docker"])[0]?.available, expected);
    assert.equal((await answers.ask(["docker"]))[0]?.available, expected);
    assert.deepEqual(probed, []);
  }
});

Deno.test("FeatureAnswers shows what was probed again when an override goes", async () => {
  const { answers, env } = setUp();
  await answers.ask(["docker", "net"]);
  for (const [name, value] of [["docker", "no"], ["net", "yes"]] as const) {
    const before = answers.isAvailable(name);
    env.set(variable(name), value);
    assert.equal(answers.isAvailable(name), !before);
    env.delete(variable(name));
    assert.equal(answers.isAvailable(name), before);
  }
});

Deno.test("FeatureAnswers gives all answers from the snapshot it began with", async () => {
  const { answers, snapshots, probed } = setUp();
  const asked = answers.ask(["suite"]);
  snapshots.invalidate();
  assert.equal((await asked)[0]?.reason, "needs net: no route");
  assert.deepEqual(probed, ["suite", "docker", "net"]);
  assert.throws(() => answers.isAvailable("suite"), NotProbedError);
});

Deno.test("FeatureAnswers refuses unknown features", async () => {
  const { answers } = setUp();
  assert.throws(() => answers.isAvailable("dockr"), UnknownFeatureError);
  assert.throws(() => answers.read(["dockr"]), UnknownFeatureError);
  await assert.rejects(answers.ask(["dockr"]), UnknownFeatureError);
});
