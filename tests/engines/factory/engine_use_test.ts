import assert from "node:assert/strict";
import { isBusy, judgeUse, type UseVerdict } from "../../../engines/factory/engine_use.ts";

const idle = { executions: 3, activeRuns: 0, isHeld: false };
const seen = { executions: 3, wasBusy: false, idleSinceMs: 1_000 };

Deno.test("judgeUse reclaims what has been idle for long enough, and nothing else", () => {
  const busy: UseVerdict = {
    kind: "keep",
    seen: { executions: 3, wasBusy: true, idleSinceMs: 1e12 },
  };
  const cases: [name: string, use: Partial<typeof idle>, nowMs: number, verdict: UseVerdict][] = [
    ["idle, a moment too short", {}, 300_999, { kind: "keep", seen }],
    ["idle, long enough to the moment", {}, 301_000, { kind: "reclaim" }],
    ["idle for ever", {}, 1e12, { kind: "reclaim" }],
    ["an agent runs", { activeRuns: 1 }, 1e12, busy],
    ["a scope holds it", { isHeld: true }, 1e12, busy],
    ["used since the last look", { executions: 4 }, 1e12, {
      kind: "keep",
      seen: { executions: 4, wasBusy: false, idleSinceMs: 1e12 },
    }],
  ];
  for (const [name, use, nowMs, verdict] of cases) {
    assert.deepEqual(judgeUse(seen, { ...idle, ...use }, nowMs, 300_000), verdict, name);
  }
});

Deno.test("judgeUse counts an engine that was busy at the last look as idle from now on", () => {
  const after = judgeUse({ ...seen, wasBusy: true }, idle, 500_000, 300_000);
  const from = { executions: 3, wasBusy: false, idleSinceMs: 500_000 };
  assert.deepEqual(after, { kind: "keep", seen: from });
  assert.equal(judgeUse(from, idle, 799_999, 300_000).kind, "keep");
  assert.equal(judgeUse(from, idle, 800_000, 300_000).kind, "reclaim");
});

Deno.test("isBusy is true while agents run or a scope holds the engine", () => {
  assert.equal(isBusy({ activeRuns: 0, isHeld: false }), false);
  assert.equal(isBusy({ activeRuns: 1, isHeld: false }), true);
  assert.equal(isBusy({ activeRuns: 0, isHeld: true }), true);
});
