import assert from "node:assert/strict";
import { NodeInfo } from "../../coordination/node_info.ts";

const fields = {
  instanceId: "host:8080",
  isLeader: true,
  healthScore: null,
  status: "suspect",
  lastHeartbeat: "2026-01-01T00:00:00.000Z",
  incarnation: "i-1",
  labels: { zone: "a" },
  load: 2,
  takesWork: true,
  state: { uptime_seconds: 5 },
} as const;

Deno.test("NodeInfo toDict gives every field under its snake_case key", () => {
  const dict = {
    instance_id: "host:8080",
    is_leader: true,
    health_score: null,
    status: "suspect",
    last_heartbeat: "2026-01-01T00:00:00.000Z",
    incarnation: "i-1",
    labels: { zone: "a" },
    load: 2,
    takes_work: true,
    state: { uptime_seconds: 5 },
  };
  const node = new NodeInfo(fields);
  assert.deepEqual(node.toDict(), dict);
  assert.equal(JSON.stringify(node), JSON.stringify(dict));
});

Deno.test("NodeInfo copies the labels and cannot be changed", () => {
  const labels: Record<string, string> = { zone: "a" };
  const node = new NodeInfo({ ...fields, labels });
  labels["zone"] = "changed";
  assert.deepEqual(node.labels, { zone: "a" });
  assert.throws(() => (node.labels as Record<string, string>)["zone"] = "x", TypeError);
  assert.throws(() => (node as { load: number }).load = 3, TypeError);
});
