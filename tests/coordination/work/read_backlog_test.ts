import assert from "node:assert/strict";
import { WorkCluster } from "./work_cluster.ts";

Deno.test("readBacklog reads the counter; none counts as zero, anything else is reported", async () => {
  await using cluster = await WorkCluster.open();
  const { queue } = cluster.node("a");
  assert.equal(await queue.backlog(), 0);
  await cluster.test.raw.set(cluster.keys.backlog, new Deno.KvU64(7n));
  assert.equal(await queue.backlog(), 7);
  await cluster.test.raw.set(cluster.keys.backlog, 7);
  await assert.rejects(queue.backlog(), { code: "CORRUPT_RECORD", message: /expected a counter/ });
});
