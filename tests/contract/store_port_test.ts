import assert from "node:assert/strict";
import {
  DistributedResilienceCoordinator,
  LeaderElection,
  readClusterStatus,
} from "@baton/orchestration/coordination";

const PORT = ["get", "getMany", "list", "atomic", "watch"];

/** A store of which everything else is out of reach. */
function onlyThePort(kv: Deno.Kv): { readonly kv: Deno.Kv; readonly used: Set<string | symbol> } {
  const used = new Set<string | symbol>();
  const narrow = new Proxy(kv, {
    get(target, property) {
      used.add(property);
      if (!PORT.includes(String(property))) throw new Error(`used ${String(property)}`);
      const method: unknown = Reflect.get(target, property);
      return typeof method === "function" ? method.bind(target) : method;
    },
  });
  return { kv: narrow, used };
}

Deno.test("coordination needs five methods of a store and no other, so another can stand in (T20)", async () => {
  using raw = await Deno.openKv(":memory:");
  const { kv, used } = onlyThePort(raw);
  const storePath = ":memory:";
  await using node = new DistributedResilienceCoordinator({ kv, storePath, instanceId: "a" });
  await node.startup();
  await node.heartbeat();
  assert.equal((await node.getNodes()).length, 1);
  assert.equal((await node.getConsensus()).quorumMet, true);
  assert.equal((await readClusterStatus({ kv })).leader, "a");
  await using election = new LeaderElection({ kv, storePath, name: "work" });
  await using rival = new LeaderElection({ kv, storePath, name: "work" });
  const first = await election.campaign();
  const second = rival.campaign();
  await first.transfer(rival.holderId);
  await (await second).resign();
  await node.shutdown();
  assert.deepEqual([...used].map(String).toSorted(), PORT.toSorted());
});
