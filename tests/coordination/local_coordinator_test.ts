import assert from "node:assert/strict";
import {
  LocalCoordinator,
  type LocalCoordinatorOptions,
} from "../../coordination/local_coordinator.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SettableMonitor } from "../support/nodes.ts";

Deno.test("LocalCoordinator refuses options that are out of range or no names", () => {
  const cases: { options: LocalCoordinatorOptions; error: string; message: string }[] = [
    {
      options: { quorumThreshold: 0 },
      error: "RangeError",
      message: "quorumThreshold must be above 0 and at most 1, got 0",
    },
    {
      options: { quorumThreshold: NaN },
      error: "RangeError",
      message: "quorumThreshold must be above 0 and at most 1, got NaN",
    },
    {
      options: { quorumThreshold: "0.5" as unknown as number },
      error: "RangeError",
      message: "quorumThreshold must be above 0 and at most 1, got 0.5",
    },
    {
      options: { instanceId: "" },
      error: "TypeError",
      message: 'instanceId must be a text without control characters, got ""',
    },
  ];
  for (const { options, error, message } of cases) {
    assert.throws(() => new LocalCoordinator(options), { name: error, message }, message);
  }
});

Deno.test("LocalCoordinator gives itself an id of its own when it is given none", () => {
  assert.notEqual(new LocalCoordinator().instanceId, new LocalCoordinator().instanceId);
  assert.equal(new LocalCoordinator({ instanceId: "dev" }).instanceId, "dev");
});

Deno.test("LocalCoordinator meets any threshold alone", async () => {
  for (const quorumThreshold of [0.01, 0.5, 1]) {
    await using node = new LocalCoordinator({ quorumThreshold });
    await node.startup();
    assert.equal((await node.getConsensus()).quorumMet, true, String(quorumThreshold));
  }
});

Deno.test("LocalCoordinator dates heartbeats and times its monitor by the clock it is given", async () => {
  const clock = new FakeClock({ startWallMs: Date.UTC(2031, 0, 1) });
  const monitor = new SettableMonitor(() => new Promise(() => {}));
  await using node = new LocalCoordinator({ clock, healthMonitor: monitor });
  const started = node.startup();
  await clock.advance(5_000);
  await started;
  const [info] = await node.getNodes();
  assert.equal(info?.lastHeartbeat, "2031-01-01T00:00:05.000Z");
  assert.equal(node.getMetrics().lastError, "health: DeadlineError: no answer within 5000 ms");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("LocalCoordinator says in its metrics that it is local and asked no store", async () => {
  await using node = new LocalCoordinator();
  await node.startup();
  const { coordinatorType, term, store } = node.getMetrics();
  assert.deepEqual([coordinatorType, term], ["local", 1]);
  assert.ok(Object.values(store).every((count) => count === 0));
  assert.equal(Object.keys(store).length, 9);
});
