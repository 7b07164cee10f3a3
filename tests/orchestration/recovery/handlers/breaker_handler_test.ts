import assert from "node:assert/strict";
import { CircuitBreaker } from "../../../../health/circuit_breaker.ts";
import { breakerHandler } from "../../../../orchestration/recovery/handlers/breaker_handler.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { contextOf } from "./action_fixtures.ts";

Deno.test("breakerHandler opens and closes a breaker by the hand of recovery", () => {
  const breaker = new CircuitBreaker("orders", { clock: new FakeClock() });
  const changes: unknown[] = [];
  breaker.onChange(({ to, actor, reason, cooldownMs }) =>
    changes.push([to, actor, reason, cooldownMs])
  );
  const run = (settings: { do: "open" | "close"; hold: number | null }, reason = "it is down") =>
    breakerHandler({ name: "orders", ...settings }, breaker)(contextOf({ reason }));
  assert.equal(run({ do: "open", hold: 30 }), "opened orders");
  assert.equal(run({ do: "close", hold: null }), "closed orders");
  assert.equal(run({ do: "open", hold: null }, ""), "opened orders");
  assert.deepEqual(changes, [
    ["OPEN", "recovery", "it is down", 30_000],
    ["CLOSED", "recovery", "it is down", null],
    ["OPEN", "recovery", "restart_api", null],
  ]);
});
