import assert from "node:assert/strict";
import { logCluster, type ObservedNode } from "../../cli/cluster_log.ts";
import { ConsensusDecision } from "../../coordination/consensus_decision.ts";
import { StoreUnavailableError } from "../../coordination/errors.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

function setUp(overrides: Partial<ObservedNode> = {}) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const messages: string[] = [];
  const node: ObservedNode = {
    instanceId: "me",
    async *changes({ signal }) {
      yield { holderId: "me", term: 1 };
      yield { holderId: "b", term: 2 };
      await clock.sleep(1e9, signal ? { signal } : {});
    },
    getNodes: () => Promise.resolve([]),
    getConsensus: () => Promise.resolve(ConsensusDecision.undecided("no_votes")),
    ...overrides,
  };
  const ended = logCluster(node, {
    intervalMs: 100,
    signal: stop.signal,
    clock,
    log: (event) => messages.push(event.message),
  });
  return { clock, stop, messages, ended };
}

Deno.test("logCluster logs leaders, members and consensus until its signal aborts", async () => {
  const { clock, stop, messages, ended } = setUp();
  await clock.advance(1_000);
  stop.abort();
  await ended;
  assert.deepEqual(messages.sort(), [
    "Members ({members}): {names}",
    "No consensus ({reason}): {voting} of {registered} voted",
    "{leader} leads in term {term}",
  ]);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("logCluster waits an outage of the store out", async () => {
  const { clock, stop, messages, ended } = setUp({
    getNodes: () => Promise.reject(new StoreUnavailableError("read", new Error("x"))),
  });
  await clock.advance(300);
  stop.abort();
  await ended;
  assert.equal(messages.includes("Members ({members}): {names}"), false);
});

Deno.test("logCluster rejects with a bug", async () => {
  const { clock, ended } = setUp({ getNodes: () => Promise.reject(new TypeError("bug")) });
  const rejected = assert.rejects(ended, { name: "TypeError", message: "bug" });
  await clock.advance(100);
  await rejected;
});
