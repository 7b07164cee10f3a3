import assert from "node:assert/strict";
import type { HealthState } from "../../../health/health_state.ts";
import type { RegisterActionOptions } from "../../../orchestration/recovery/action_registry.ts";
import { type MachineProcess, MachineWorld, policyOf } from "./machine_world.ts";

const DELAY_MS = 30_000;
const TIMEOUT_MS = 45_000;

/** An action that ran, and is to be looked at. */
async function ran(
  options: RegisterActionOptions,
  arrange: (world: MachineWorld) => void = () => {},
): Promise<{ readonly world: MachineWorld; readonly process: MachineProcess }> {
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: policyOf("act") },
  });
  world.action("act", () => "done", options);
  arrange(world);
  await world.enqueue("crash");
  const process = world.start();
  await world.clock.advance(0);
  return { world, process };
}

/** What the first entry of the history says of the looks. */
async function seen(world: MachineWorld) {
  const [entry] = await world.history();
  if (entry === undefined) return null;
  const { result, verified, verification_attempts: looks, error, report } = entry;
  return { result, verified, looks, error, report };
}

Deno.test("ChainVerifier looks after a while, and as often as the file says", async () => {
  const cases: [name: string, answers: boolean[], looks: number][] = [
    ["helped at once", [true], 1],
    ["helped at the last look", [false, false, true], 3],
    ["never helped", [false, false, false, true], 3],
  ];
  for (const [name, answers, looks] of cases) {
    let asked = 0;
    const { world, process } = await ran({ verify: () => answers[asked++]! });
    await world.clock.advance(DELAY_MS - 1);
    assert.equal(asked, 0, name);
    await world.clock.advance(looks * DELAY_MS);
    assert.equal(asked, looks, name);
    const hasHelped = answers[looks - 1]!;
    assert.deepEqual(await seen(world), {
      result: hasHelped ? "success" : "failed",
      verified: hasHelped,
      looks,
      error: hasHelped ? null : "it did not help: what was wrong is not well yet, after 3 looks",
      report: "done",
    }, name);
    await world.end(process);
  }
});

Deno.test("ChainVerifier says why it cannot be told that an action helped", async () => {
  const cases: [name: string, verify: () => boolean, why: string][] = [
    ["throws", () => {
      throw new RangeError("no figure");
    }, "RangeError: no figure"],
    ["no yes", () => "yes" as unknown as boolean, "what was wrong is not well yet"],
  ];
  for (const [name, verify, why] of cases) {
    const { world, process } = await ran({ verify });
    await world.clock.advance(3 * DELAY_MS);
    assert.equal((await seen(world))?.error, `it did not help: ${why}, after 3 looks`, name);
    await world.end(process);
  }
});

Deno.test("ChainVerifier gives up a look after the action's time limit", async () => {
  const signals: AbortSignal[] = [];
  const verify = ({ signal }: { readonly signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise<boolean>((_, reject) =>
      signal.addEventListener("abort", () => reject(signal.reason), { once: true })
    );
  };
  const { world, process } = await ran({ verify });
  await world.clock.advance(DELAY_MS + TIMEOUT_MS);
  assert.deepEqual(signals.map(({ aborted }) => aborted), [true]);
  await world.clock.advance(2 * (DELAY_MS + TIMEOUT_MS));
  assert.equal(
    (await seen(world))?.error,
    "it did not help: Action timeout after 45s, after 3 looks",
  );
  await world.end(process);
});

Deno.test("ChainVerifier counts looks on in another process", async () => {
  let asked = 0;
  const { world, process } = await ran({ verify: () => ++asked > 5 });
  await world.clock.advance(DELAY_MS + 1_000);
  process.die();
  const next = world.start();
  await world.clock.advance(2 * DELAY_MS);
  assert.equal(asked, 3);
  assert.equal((await seen(world))?.looks, 3);
  assert.equal(world.effects.length, 1);
  await world.end(process, next);
});

Deno.test("ChainVerifier does not look where nobody is to, or can, or verification is switched off", async () => {
  const cases: [
    name: string,
    options: RegisterActionOptions,
    arrange: (world: MachineWorld) => void,
  ][] = [
    ["the action is not looked at", { verify: false }, () => {}],
    ["an anomaly without component", {}, (world) => world.health = () => ({})],
    ["it is switched off", { verify: () => false }, (world) => {
      world.rules = {
        ...world.rules,
        verification: { ...world.rules.verification, enabled: false },
      };
    }],
  ];
  for (const [name, options, arrange] of cases) {
    const { world, process } = await ran(options, arrange);
    const unseen = { result: "success", verified: null, looks: 0, error: null, report: "done" };
    assert.deepEqual(await seen(world), unseen, name);
    await world.end(process);
  }
});

Deno.test("ChainVerifier ends a step unseen when verification is switched off meanwhile", async () => {
  let asked = 0;
  const { world, process } = await ran({ verify: () => ++asked > 5 });
  await world.clock.advance(1_000);
  process.die();
  world.rules = { ...world.rules, verification: { ...world.rules.verification, enabled: false } };
  const next = world.start();
  await world.clock.advance(1_000);
  assert.equal(asked, 0);
  assert.deepEqual([(await seen(world))?.result, (await seen(world))?.verified], ["success", null]);
  await world.end(process, next);
});

Deno.test("ChainVerifier says how often it looked when that is switched off between two looks", async () => {
  const { world, process } = await ran({ verify: () => false });
  await world.clock.advance(DELAY_MS + 1_000);
  world.rules = { ...world.rules, verification: { ...world.rules.verification, enabled: false } };
  process.die();
  const next = world.start();
  await world.clock.advance(DELAY_MS);
  const report = "done";
  assert.deepEqual(await seen(world), {
    result: "success",
    verified: null,
    looks: 1,
    error: null,
    report,
  });
  await world.end(process, next);
});

Deno.test("ChainVerifier asks the monitor about the component, and takes no answer for a no", async () => {
  let state: HealthState = { components: { web: { status: "FAILED" } } };
  const world = await MachineWorld.open({
    poll_interval: 3_600,
    recovery_policies: { crash: { ...policyOf("act"), component: "web" } },
  });
  world.action("act");
  world.health = () => state;
  const process = world.start();
  await world.clock.advance(1_000);
  assert.equal(world.effects.length, 1);
  state = {};
  await world.clock.advance(DELAY_MS);
  assert.equal(await seen(world), null);
  state = { components: { web: { status: "HEALTHY" } } };
  await world.clock.advance(DELAY_MS);
  assert.deepEqual([(await seen(world))?.verified, (await seen(world))?.looks], [true, 2]);
  await world.end(process);
});

Deno.test("ChainVerifier records nothing when the work is stopped during a look", async () => {
  const { world, process } = await ran({ verify: () => new Promise<boolean>(() => {}) });
  await world.clock.advance(DELAY_MS + 1_000);
  await world.endAfterGrace(process);
  assert.equal(await seen(world), null);
  const [chain] = await world.chains();
  assert.equal(chain?.at.kind, "verifying");
});
