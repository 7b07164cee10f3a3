import assert from "node:assert/strict";
import { isBusy, judgeUse, type UseVerdict } from "../../../engines/factory/engine_use.ts";

const idle = { executions: 3, isBusy: false };
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
    ["it is busy", { isBusy: true }, 1e12, busy],
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

Deno.test("isBusy is true while the engine says so or a scope holds it, and not else", () => {
  const cases: [name: string, isEngineBusy: boolean, isHeld: boolean, expected: boolean][] = [
    ["idle", false, false, false],
    ["an agent or a pipeline runs", true, false, true],
    ["a scope holds it", false, true, true],
    ["both", true, true, true],
  ];
  for (const [name, isEngineBusy, isHeld, expected] of cases) {
    assert.equal(isBusy({ engine: { isBusy: isEngineBusy }, isHeld }), expected, name);
  }
});
