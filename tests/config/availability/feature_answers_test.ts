import assert from "node:assert/strict";
import {
  NotProbedError,
  UnknownFeatureError,
} from "../../../config/availability/availability_errors.ts";
import { FeatureAnswers } from "../../../config/availability/feature_answers.ts";
import { FeatureRegistry } from "../../../config/availability/feature_registry.ts";
import {
  AVAILABLE,
  type ProbeResult,
  unavailable,
} from "../../../config/availability/feature_probe.ts";
import { Snapshots } from "../../../config/availability/snapshots.ts";
import type { EnvReader } from "../../../config/env_reader.ts";
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

/** A chain of diamonds: each feature needs the two before it. */
function fibonacci(length: number, first: ProbeResult) {
  const registry = new FeatureRegistry(1_000);
  const names = Array.from({ length }, (_, i) => `f${i}`);
  for (const [i, name] of names.entries()) {
    registry.register({ name, about: "", needs: names.slice(Math.max(0, i - 2), i) });
  }
  const snapshots = new Snapshots(
    (name) => Promise.resolve(name === "f0" ? first : AVAILABLE),
    () => names,
  );
  let reads = 0;
  const env: EnvReader = {
    read: () => {
      reads++;
      return { kind: "unset" };
    },
  };
  const takeReads = () => {
    const taken = reads;
    reads = 0;
    return taken;
  };
  return { answers: new FeatureAnswers(registry, snapshots, env), names, takeReads };
}

Deno.test("FeatureAnswers judges each of 250 features once, however many need it", async () => {
  const { answers, names, takeReads } = fibonacci(250, AVAILABLE);
  const last = names.at(-1)!;
  await answers.ask(names);
  takeReads();
  assert.equal(answers.isAvailable(last), true);
  assert.equal(takeReads(), 250);
  assert.equal((await answers.ask([last]))[0]?.available, true);
  assert.equal(takeReads(), 500, "looking for what was not probed, then judging");
  assert.ok(answers.read(names).every((each) => each.available));
  assert.equal(takeReads(), 500);
});

Deno.test("FeatureAnswers names what fails itself, once, and nothing between", async () => {
  const { answers, names } = fibonacci(250, unavailable("no"));
  const [last] = await answers.ask([names.at(-1)!]);
  assert.equal(last?.reason, "needs f0: no");
  assert.equal(answers.isAvailable("f249"), false);
  const all = answers.read(names);
  assert.equal(all[0]?.reason, "no");
  assert.ok(all.slice(1).every((each) => each.reason === "needs f0: no"));
});

Deno.test("FeatureAnswers names every feature at fault behind one that is needed", async () => {
  const registry = new FeatureRegistry(1_000);
  registry.register({ name: "a", about: "" });
  registry.register({ name: "b", about: "" });
  registry.register({ name: "both", about: "", needs: ["a", "b"] });
  registry.register({ name: "suite", about: "", needs: ["both", "b"] });
  const snapshots = new Snapshots(
    (name) => Promise.resolve(name.length === 1 ? unavailable(`no ${name}`) : AVAILABLE),
    () => registry.names,
  );
  const env = new ChangingEnv();
  const answers = new FeatureAnswers(registry, snapshots, env);
  const reason = async () => (await answers.ask(["suite"]))[0]?.reason;
  assert.equal(await reason(), "needs a: no a; needs b: no b");
  env.set(variable("both"), "off");
  assert.equal(await reason(), `needs both: switched off by ${variable("both")}; needs b: no b`);
  env.set(variable("both"), "on");
  assert.equal(await reason(), "needs b: no b");
});
