import assert from "node:assert/strict";
import { availability } from "../../cli/availability.ts";
import { OrchestrationConfig } from "../../config/availability/orchestration_config.ts";
import { AVAILABLE, unavailable } from "../../config/availability/feature_probe.ts";
import { fixedEnv } from "../../config/env_reader.ts";
import { fakeIo } from "./fake_io.ts";

/** Runs the command where Docker answers and nothing else does. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const io = fakeIo(env);
  const config = new OrchestrationConfig({
    clock: io.clock,
    env: fixedEnv(env),
    probes: {
      docker: () => AVAILABLE,
      orchestrator: () => unavailable("no room"),
      master_orchestration: () => unavailable("no room"),
      background_e2e: () => unavailable("no room"),
    },
  });
  const code = await availability(args, io, config);
  return { code, out: io.out(), err: io.err() };
}

Deno.test("availability shows its help without any permission", {
  permissions: "none",
}, async () => {
  const { code, out } = await run(["--help"]);
  assert.equal(code, 0);
  assert.match(out, /^Usage: baton availability/);
  assert.match(out, /Exit codes: 0 all required features are available, 1 some are not, 2 wrong/);
});

Deno.test("availability exits by what is required", async () => {
  const off = { ORCHESTRATION_DOCKER_AVAILABLE: "off" };
  const cases: readonly [readonly string[], Readonly<Record<string, string>>, number][] = [
    [[], {}, 0],
    [["--require", "docker"], {}, 0],
    [["--require", "docker"], off, 1],
    [[], off, 0],
    [["--require", "orchestrator"], {}, 1],
    [["--require", "docker,orchestrator"], {}, 1],
    [["--require", "docker", "--require", "orchestrator"], {}, 1],
    [["--require", "docker", "--require", " docker "], {}, 0],
    [[], { BATON_REQUIRE: "orchestrator" }, 1],
    [["--require", "docker"], { BATON_REQUIRE: "orchestrator" }, 0],
    [["--require", "orchestrator"], { ORCHESTRATION_ORCHESTRATOR_AVAILABLE: "1" }, 0],
  ];
  for (const [args, env, expected] of cases) {
    const { code, out, err } = await run(args, env);
    assert.equal(code, expected, args.join(" "));
    assert.equal(out.includes("Required but unavailable"), expected === 1);
    assert.equal(err, "");
  }
});

Deno.test("availability tells what an override masks", async () => {
  const { out } = await run([], { ORCHESTRATION_ORCHESTRATOR_AVAILABLE: "on" });
  assert.match(out, /by ORCHESTRATION_ORCHESTRATOR_AVAILABLE, masking: no room\n/);
});

Deno.test("availability tells of wrong usage, as JSON when asked for it", async () => {
  const unknown =
    '--require: Unknown feature "dokcer". Did you mean "docker"? Known are orchestrator, ' +
    "master_orchestration, background_e2e, docker";
  const cases = [
    { args: ["--require", "dokcer"], code: "UNKNOWN_FEATURE", message: unknown },
    {
      args: ["--require", "docker,"],
      code: "USAGE",
      message: '--require: expected names of features, got "docker,"',
    },
    { args: ["--no"], code: "USAGE", message: "unknown option '--no'" },
  ];
  for (const { args, code, message } of cases) {
    const plain = await run(args);
    assert.deepEqual(plain, {
      code: 2,
      out: "",
      err: `baton availability: ${message}. See --help\n`,
    });
    const json = await run(["-o", "json", ...args]);
    assert.deepEqual([json.code, json.err], [2, ""]);
    const { error } = JSON.parse(json.out);
    assert.deepEqual([error.code, error.message], [code, message]);
  }
});

Deno.test("availability prints exactly one JSON document", async () => {
  const { code, out, err } = await run(["-o", "json", "--require", "orchestrator"]);
  assert.deepEqual([code, err], [1, ""]);
  const document = JSON.parse(out);
  assert.deepEqual(document.available_features, ["docker"]);
  assert.deepEqual(document.missing_features, ["orchestrator"]);
});

Deno.test("availability answers without any permission", { permissions: "none" }, async () => {
  const io = fakeIo();
  assert.equal(await availability(["--require", "docker"], io), 1);
  assert.match(io.out(), /run permission not granted: --allow-run=docker/);
  assert.match(io.out(), /Environment overrides cannot be read: --allow-env=ORCHESTRATION_\*/);
});
