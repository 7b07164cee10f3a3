import assert from "node:assert/strict";
import {
  LocalCoordinator,
  type LocalCoordinatorOptions,
} from "../../coordination/local_coordinator.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { SettableMonitor } from "../support/nodes.ts";
import { stub } from "../support/stub.ts";

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
    {
      options: { labels: { zone: 1 as unknown as string } },
      error: "TypeError",
      message: 'label "zone" must be a text, got number',
    },
    {
      options: { work: { maxBacklog: 0 } },
      error: "RangeError",
      message: "maxBacklog must be a number from 1 to 10000000, got 0",
    },
    {
      options: { ballotRetainMs: 0 },
      error: "RangeError",
      message: "ballotRetainMs must be a number from 1000 to 31536000000, got 0",
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

Deno.test("LocalCoordinator opens its store in memory with the first use, once, and closes it", async () => {
  const stores: Deno.Kv[] = [];
  const openKv = async (path?: string) => {
    assert.equal(path, ":memory:");
    await Promise.resolve();
    const kv = new SimStore().open();
    stores.push(kv);
    return kv;
  };
  using _opened = stub(Deno, "openKv", openKv);
  const node = new LocalCoordinator({ instanceId: "dev" });
  await node.startup();
  assert.equal(stores.length, 0);
  await Promise.all([node.backlog(), node.listBallots(), node.backlog()]);
  assert.equal(stores.length, 1);
  assert.ok(node.getMetrics().store.reads > 0);
  await node.shutdown();
  await assert.rejects(stores[0]!.get(["a"]), Deno.errors.BadResource);
});

Deno.test("LocalCoordinator says what is wrong when there is no store in memory, and tries again", async () => {
  const node = new LocalCoordinator({ instanceId: "dev" });
  await node.startup();
  {
    const missing = () => Promise.reject(new TypeError("Deno.openKv is not a function"));
    using _missing = stub(Deno, "openKv", missing);
    const results = await Promise.allSettled([node.backlog(), node.listWork()]);
    for (const result of results) {
      assert.equal(result.status, "rejected");
      const { name, message } = result.status === "rejected" ? result.reason : {};
      assert.equal(name, "StoreUnavailableError");
      assert.match(message, /^Cannot keep ballots and work in memory: .*openKv is not a function/);
    }
  }
  assert.match(node.getMetrics().lastError!, /^StoreUnavailableError: Cannot keep ballots/);
  assert.deepEqual([node.getMetrics().ballots, node.getMetrics().work], [null, null]);
  assert.equal(await node.backlog(), 0);
  await node.shutdown();
});

Deno.test("LocalCoordinator that is shut down while its store is opened closes it, and says that it does not run", async () => {
  const opened = Promise.withResolvers<Deno.Kv>();
  using _opened = stub(Deno, "openKv", () => opened.promise);
  const node = new LocalCoordinator({ instanceId: "dev" });
  await node.startup();
  const asked = node.backlog();
  asked.catch(() => {});
  const stopped = node.shutdown();
  const kv = new SimStore().open();
  opened.resolve(kv);
  await stopped;
  await assert.rejects(asked, { name: "NotRunningError" });
  await assert.rejects(kv.get(["a"]), Deno.errors.BadResource);
});

Deno.test("LocalCoordinator forgets ballots and work with the shutdown", async () => {
  await using node = new LocalCoordinator({ instanceId: "dev", labels: { zone: "z" } });
  await node.startup();
  await node.propose("Go?", ["yes", "no"], { deadlineMs: 60_000, ballotId: "b" });
  assert.deepEqual((await node.getNodes())[0]?.labels, { zone: "z" });
  await node.shutdown();
  await node.startup();
  assert.equal(node.getMetrics().ballots, null);
  assert.equal(await node.getBallot("b"), null);
});

Deno.test("LocalCoordinator that is shut down while it proposes says AbortError, not that nobody is there", async () => {
  for (let turns = 0; turns < 12; turns++) {
    const node = new LocalCoordinator({ instanceId: "dev" });
    await node.startup();
    await node.backlog();
    const proposed = node.propose("Go?", ["yes", "no"], { deadlineMs: 60_000 });
    const result = proposed.then(({ status }) => status, (error) => error.name);
    for (let turn = 0; turn < turns; turn++) await Promise.resolve();
    await node.shutdown();
    assert.ok(["AbortError", "open", "NotRunningError"].includes(await result), await result);
  }
});
