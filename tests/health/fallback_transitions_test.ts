import assert from "node:assert/strict";
import { FallbackTransitions } from "../../health/fallback_transitions.ts";

const change = {
  timestamp: "2026-01-01T00:00:00.000Z",
  from: "PRIMARY",
  to: "SAFE",
  reason: "why",
  owner: "cascade",
  actor: null,
} as const;

Deno.test("FallbackTransitions numbers changes and lets the oldest fall out", () => {
  const transitions = new FallbackTransitions(2);
  assert.deepEqual(transitions.add(change), { sequence: 1, ...change });
  transitions.add(change);
  transitions.add(change);
  assert.deepEqual(transitions.last(9).map(({ sequence }) => sequence), [2, 3]);
  assert.equal(transitions.total, 3);
});

const limits: readonly [limit: number, count: number][] = [
  [2, 2],
  [1.9, 1],
  [0, 0],
  [-3, 0],
  [NaN, 0],
  [Infinity, 3],
];

for (const [limit, count] of limits) {
  Deno.test(`FallbackTransitions gives ${count} of 3 for a limit of ${limit}`, () => {
    const transitions = new FallbackTransitions(10);
    for (let each = 0; each < 3; each++) transitions.add(change);
    const last = transitions.last(limit);
    assert.equal(last.length, count);
    if (count > 0) assert.equal(last.at(-1)?.sequence, 3);
  });
}
