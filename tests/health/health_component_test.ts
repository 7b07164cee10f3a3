import assert from "node:assert/strict";
import type { HealthFinding } from "../../health/checks/health_check.ts";
import { setUpComponent } from "../../health/component_options.ts";
import { type ComponentChange, HealthComponent } from "../../health/health_component.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(look: () => HealthFinding | Promise<HealthFinding>) {
  const clock = new FakeClock();
  const changes: ComponentChange[] = [];
  const listener = {
    observed: (change: ComponentChange) => void changes.push(change),
    stopFailed: () => {},
  };
  const check = { look };
  const setup = setUpComponent({
    name: "a",
    check,
    intervalMs: 100,
    failureThreshold: 2,
  });
  return { check, clock, changes, component: new HealthComponent(setup, clock, listener) };
}

Deno.test("HealthComponent counts failed looks from the first, and fails from the threshold", async () => {
  const { changes, component } = setUp(() => ({ status: "failed", message: "down" }));
  await component.look();
  assert.deepEqual([component.status, component.dict.error_count], ["UNKNOWN", 1]);
  assert.deepEqual([component.latest?.status, component.dict.last_error], ["FAILED", "down"]);
  await component.look();
  assert.deepEqual([component.status, component.dict.status], ["FAILED", "FAILED"]);
  assert.deepEqual(changes.map(({ from, to }) => [from, to]), [
    ["UNKNOWN", "UNKNOWN"],
    ["UNKNOWN", "FAILED"],
  ]);
});

Deno.test("HealthComponent is due from its interval after the beginning of its last look on", async () => {
  let end = (_: HealthFinding) => {};
  const { clock, component } = setUp(() => new Promise((resolve) => end = resolve));
  assert.equal(component.dueAtMs, 0);
  const look = component.look();
  assert.equal(component.dueAtMs, Infinity);
  assert.equal(component.look(), look);
  await clock.advance(30);
  end({ status: "healthy" });
  await look;
  assert.deepEqual([component.dueAtMs, component.underWay], [100, null]);
});

Deno.test("HealthComponent takes a report at once", () => {
  const { component } = setUp(() => ({ status: "healthy" }));
  component.accept({ name: "a", status: "FAILED", message: "", latencyMs: 0, metadata: {} });
  assert.equal(component.status, "FAILED");
});

Deno.test("HealthComponent is due at once after a look that was called off", async () => {
  const { clock, changes, component } = setUp(() => new Promise(() => {}));
  const look = component.look();
  await clock.advance(30);
  await component.stop();
  await look;
  assert.deepEqual([component.dueAtMs, changes.length, clock.sleeperCount], [30, 0, 0]);
});

Deno.test("HealthComponent keeps the look of a new check apart from that of the replaced one", async () => {
  const { clock, component } = setUp(() => new Promise(() => {}));
  const old = component.look();
  const look = () => new Promise<HealthFinding>(() => {});
  component.replace(setUpComponent({ name: "a", check: { look } }));
  const second = component.look();
  await old;
  await clock.advance(1);
  assert.equal(component.underWay, second);
  assert.equal(component.latest, null);
  await component.stop();
});

Deno.test("HealthComponent starts no second look at the same check when it is replaced", async () => {
  let runs = 0;
  const { check, clock, component } = setUp(() => {
    runs++;
    return new Promise(() => {});
  });
  void component.look();
  for (let round = 0; round < 3; round++) {
    component.replace(setUpComponent({ name: "a", check, timeoutMs: 50 }));
    void component.look();
    await clock.advance(5_000);
  }
  assert.equal(runs, 1);
  assert.match(component.latest?.message ?? "", /an earlier look has not ended yet/);
  await component.stop();
});

Deno.test("HealthComponent gives a check that missed its deadline a whole interval to end", async () => {
  const { check, clock, component } = setUp(() => new Promise(() => {}));
  component.replace(setUpComponent({ name: "a", check, intervalMs: 100, timeoutMs: 250 }));
  const look = component.look();
  await clock.advance(250);
  await look;
  assert.deepEqual([component.latest?.message, component.dueAtMs], [
    "no answer within 250 ms",
    350,
  ]);
});

Deno.test("HealthComponent waits no longer for a check to stop than for a look", async () => {
  const clock = new FakeClock();
  const faults: string[] = [];
  const listener = {
    observed: () => {},
    stopFailed: (error: unknown) => void faults.push((error as Error).message),
  };
  const check = {
    look: () => ({ status: "healthy" }),
    start: () => {},
    stop: () => new Promise<void>(() => {}),
  };
  const setup = setUpComponent({ name: "a", check, timeoutMs: 50 });
  const component = new HealthComponent(setup, clock, listener);
  component.start();
  const stop = component.stop();
  await clock.advance(50);
  await stop;
  assert.deepEqual(faults, ['The check of "a" did not stop within 50 ms']);
  assert.equal(clock.sleeperCount, 0);
});
