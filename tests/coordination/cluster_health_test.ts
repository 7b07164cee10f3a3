import assert from "node:assert/strict";
import { summarizeClusterHealth } from "../../coordination/cluster_health.ts";

Deno.test("summarizeClusterHealth sorts members at the boundaries of 0.8 and 0.5", () => {
  const cases: { name: string; score: number | null; status?: string; bucket: string }[] = [
    { name: "perfect", score: 1, bucket: "healthy" },
    { name: "0.8 itself", score: 0.8, bucket: "healthy" },
    { name: "just below 0.8", score: 0.79999, bucket: "degraded" },
    { name: "0.5 itself", score: 0.5, bucket: "degraded" },
    { name: "just below 0.5", score: 0.49, bucket: "failed" },
    { name: "zero", score: 0, bucket: "failed" },
    { name: "no score", score: null, bucket: "failed" },
    { name: "dead, whatever it last said", score: 1, status: "dead", bucket: "failed" },
    { name: "suspect counts by its score", score: 1, status: "suspect", bucket: "healthy" },
  ];
  for (const { name, score, status = "alive", bucket } of cases) {
    const health = summarizeClusterHealth([{ instanceId: "a", healthScore: score, status }]);
    assert.deepEqual(health, {
      instances: 1,
      healthy: 0,
      degraded: 0,
      failed: 0,
      [bucket]: 1,
      healthStates: { a: score },
    }, name);
  }
});

Deno.test("summarizeClusterHealth counts zeros and no states when there is no member", () => {
  assert.deepEqual(summarizeClusterHealth([]), {
    instances: 0,
    healthy: 0,
    degraded: 0,
    failed: 0,
    healthStates: {},
  });
});

Deno.test("summarizeClusterHealth keeps the score of a member whose id is a prototype key", () => {
  const member = { instanceId: "__proto__", healthScore: 0.9, status: "alive" };
  const { instances, healthStates } = summarizeClusterHealth([member]);
  assert.equal(instances, 1);
  assert.deepEqual(Object.entries(healthStates), [["__proto__", 0.9]]);
});
