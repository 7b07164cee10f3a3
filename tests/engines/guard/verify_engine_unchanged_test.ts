import assert from "node:assert/strict";
import type { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { describeEngine, type GenuineEngine } from "../../../engines/guard/describe_engine.ts";
import { EngineGuardError } from "../../../engines/guard/engine_guard_error.ts";
import {
  differenceOf,
  verifyEngineUnchanged,
} from "../../../engines/guard/verify_engine_unchanged.ts";
import { capturedLog } from "./captured_log.ts";
import { contextOf, genuineEngine } from "./guarded_engine.ts";
import { impostors } from "./impostors.ts";

function seenOf(engine: unknown): GenuineEngine {
  const seen = describeEngine(engine);
  if (seen.kind !== "genuine") throw new Error("it is one");
  return seen;
}

function changeOf(engine: unknown, seen: GenuineEngine, context?: UserExecutionContext): string[] {
  try {
    verifyEngineUnchanged(engine, seen, context);
  } catch (error) {
    if (!(error instanceof EngineGuardError)) throw error;
    assert.equal(error.code, "ENGINE_CHANGED");
    return [error.kind, error.found, error.message];
  }
  return [];
}

Deno.test("verifyEngineUnchanged lets the same engine pass, for its run and its parts, and logs nothing", async () => {
  const engine = genuineEngine();
  const seen = seenOf(engine);
  const lines = await capturedLog(() => {
    verifyEngineUnchanged(engine, seen);
    verifyEngineUnchanged(engine, seen, engine.context);
    verifyEngineUnchanged(engine, seen, engine.context.createChild("step"));
    verifyEngineUnchanged(engine, seen, contextOf());
  });
  assert.deepEqual(lines, []);
});

Deno.test("verifyEngineUnchanged finds every impostor that takes the engine's place", () => {
  const seen = seenOf(genuineEngine());
  for (const { name, value, kind } of impostors()) {
    const [changed, , message] = changeOf(value, seen);
    assert.equal(changed, kind, name);
    assert.match(message!, /Runtime SSOT validation failed.*deprecated engine detected/, name);
  }
});

Deno.test("verifyEngineUnchanged finds another genuine engine in its place", () => {
  const seen = seenOf(genuineEngine());
  const twin = genuineEngine();
  const [kind, found, message] = changeOf(twin, seen);
  assert.deepEqual([kind, found], ["swapped", twin.engineId]);
  assert.match(message!, /Runtime SSOT validation failed.*another engine detected/);
});

Deno.test("verifyEngineUnchanged finds an engine or work of another user, thread or run, and names nobody", () => {
  const engine = genuineEngine();
  const seen = seenOf(engine);
  const cases: [name: string, ids: Parameters<typeof contextOf>[0], found: string][] = [
    ["another user", { userId: "mallory" }, "user"],
    ["another thread", { threadId: "t-mallory" }, "thread"],
    ["another run", { runId: "r-mallory" }, "run"],
    [
      "another everything",
      { userId: "mallory", threadId: "t-mallory", runId: "r-mallory" },
      "user, thread, run",
    ],
  ];
  for (const [name, ids, found] of cases) {
    const other = contextOf(ids);
    for (const change of [changeOf(genuineEngine(other), seen), changeOf(engine, seen, other)]) {
      assert.deepEqual(change.slice(0, 2), ["context_mismatch", found], name);
      assert.match(change[2]!, /Runtime validation failed.*context mismatch/, name);
      assert.doesNotMatch(change[2]!, /mallory/, name);
    }
  }
});

Deno.test("differenceOf compares user, thread and run, and nothing else", () => {
  const context = contextOf();
  assert.equal(differenceOf(context, context.createChild("step")), null);
  assert.equal(differenceOf(context, contextOf({ runId: "r-2" })), "run");
});
