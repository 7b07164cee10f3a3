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
  const setup = setUpComponent({
    name: "a",
    check: { look },
    intervalMs: 100,
    failureThreshold: 2,
  });
  return { clock, changes, component: new HealthComponent(setup, clock, listener) };
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
