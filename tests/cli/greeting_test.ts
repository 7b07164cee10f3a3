import assert from "node:assert/strict";
import { greeting } from "../../cli/greeting.ts";

Deno.test("greeting says who, where, and how failover works", () => {
  const text = greeting({
    instanceId: "a",
    cluster: "default",
    store: "./.baton/cluster.db",
    leaseMs: 2_000,
    pid: 7,
  });
  assert.match(text, /^Baton coordinator a\n {2}store {4}\.\/\.baton\/cluster\.db\n/);
  assert.match(text, /cluster {2}default\n {2}lease {4}2s\n {2}pid {6}7\n/);
  assert.match(text, /within 2s when this one is killed\.\n$/);
});
