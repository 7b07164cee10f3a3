import assert from "node:assert/strict";
import { configureSync, type LogRecord, resetSync } from "@logtape/logtape";
import { UnknownFeatureError } from "../../../config/availability/availability_errors.ts";
import { BUILTIN_FEATURES } from "../../../config/availability/builtin_features.ts";
import { makeConfigParts } from "../../../config/availability/config_parts.ts";
import {
  AVAILABLE,
  type ProbeContext,
  unavailable,
} from "../../../config/availability/feature_probe.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { ChangingEnv } from "./changing_env.ts";

Deno.test("makeConfigParts probes nothing", () => {
  const { snapshots, registry } = makeConfigParts({ env: new ChangingEnv() });
  assert.deepEqual(registry.names.map((name) => snapshots.current.read(name)), [
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

Deno.test("makeConfigParts replaces probes by name, and refuses names without a feature", async () => {
  const { snapshots } = makeConfigParts({ probes: { docker: () => AVAILABLE } });
  assert.equal((await snapshots.current.probe("docker")).available, true);
  assert.throws(
    () => makeConfigParts({ probes: { dokcer: () => AVAILABLE } }),
    UnknownFeatureError,
  );
});

Deno.test("makeConfigParts refuses probes that are none, as registering one does", () => {
  for (const probe of [5, null, "yes", { available: true }]) {
    assert.throws(() => makeConfigParts({ probes: { docker: probe as never } }), {
      name: "TypeError",
      message: /"docker": its probe is not a function/,
    });
  }
});

Deno.test("makeConfigParts keeps a feature's own probe where none is given instead", () => {
  const { registry } = makeConfigParts({ probes: { docker: undefined as never } });
  assert.equal(registry.get("docker").probe, BUILTIN_FEATURES.at(-1)?.probe);
});

Deno.test("makeConfigParts answers also when the environment or the clock throws", async () => {
  const fail = () => {
    throw new Error("broken");
  };
  const { snapshots, answers } = makeConfigParts({
    env: { read: fail },
    probes: { docker: () => AVAILABLE },
  });
  assert.equal((await snapshots.current.probe("docker")).available, true);
  const [status] = await answers.ask(["docker"]);
  assert.match(status?.reason ?? "", /^ORCHESTRATION_DOCKER_AVAILABLE is "\ufffd", expected/);
  const timeless = makeConfigParts({
    env: new ChangingEnv(),
    clock: Object.assign(new FakeClock(), { after: fail }),
  });
  assert.deepEqual(await timeless.snapshots.current.probe("docker"), {
    available: false,
    reason: "Error: broken",
  });
});

Deno.test("makeConfigParts hands clock, environment and deadline to a probe", async () => {
  const clock = new FakeClock();
  const env = new ChangingEnv();
  let seen: ProbeContext | undefined;
  const { snapshots } = makeConfigParts({
    clock,
    env,
    features: [{
      name: "slow",
      about: "",
      probeTimeoutMs: 70,
      probe: (context) => {
        seen = context;
        return new Promise(() => {});
      },
    }],
  });
  const result = snapshots.current.probe("slow");
  assert.deepEqual([seen?.feature, seen?.clock, seen?.env], ["slow", clock, env]);
  await clock.advance(70);
  assert.deepEqual(await result, { available: false, reason: "timed out after 70 ms" });
});

Deno.test("makeConfigParts refuses that a probe asks for an unknown feature", async () => {
  const { snapshots } = makeConfigParts({
    features: [{ name: "a", about: "", probe: ({ ask }) => ask("dokcer") }],
  });
  const result = await snapshots.current.probe("a");
  assert.match(result.available ? "" : result.reason, /^UnknownFeatureError: .*"dokcer".*"docker"/);
});

Deno.test("makeConfigParts logs probes, louder while ORCHESTRATION_DEBUG is on", async () => {
  const records: LogRecord[] = [];
  configureSync({
    reset: true,
    sinks: { list: (record) => records.push(record) },
    loggers: [
      { category: ["baton", "config"], sinks: ["list"], lowestLevel: "debug" },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  try {
    const env = new ChangingEnv();
    const { snapshots, readDebug } = makeConfigParts({
      env,
      probes: { docker: () => unavailable("down"), orchestrator: () => AVAILABLE },
    });
    assert.equal(readDebug().kind, "none");
    await snapshots.current.probe("docker");
    env.set("ORCHESTRATION_DEBUG", "YES");
    assert.deepEqual(readDebug(), { kind: "forced", available: true });
    await snapshots.current.probe("orchestrator");
    env.set("ORCHESTRATION_DEBUG", "verbose");
    assert.deepEqual(readDebug(), { kind: "invalid", value: "verbose" });
  } finally {
    resetSync();
  }
  assert.deepEqual(
    records.map(({ level, message }) => [level, message.join("")]),
    [
      ["debug", "Feature docker is unavailable: down"],
      ["info", "Feature orchestrator is available"],
    ],
  );
});
