import assert from "node:assert/strict";
import {
  decisionOf,
  goneDecision,
  outcomeOf,
} from "../../../orchestration/recovery/replay_decision.ts";
import { entryOf } from "./replay_entry.ts";

Deno.test("outcomeOf says run for what ran, whatever became of it", () => {
  assert.equal(outcomeOf(entryOf({ result: "failed" })), "run");
  assert.equal(outcomeOf(entryOf({ result: "skipped_paused" })), "skipped_paused");
});

Deno.test("decisionOf compares what was decided with what is", () => {
  const entry = entryOf({ result: "failed", error: "no luck", repeats: 2 });
  const of = (outcome: "run" | "unknown" | "skipped_paused") =>
    decisionOf(entry, { outcome, reason: null, assumed: false }, {
      step: 1,
      recorded: "run",
      replayedStep: 2,
    });
  assert.deepEqual([of("run").change, of("run").repeats], ["same", 2]);
  assert.equal(of("skipped_paused").change, "changed");
  assert.equal(of("unknown").change, "unknown");
  assert.equal(of("run").recorded_reason, "failed: no luck");
});

Deno.test("goneDecision has no step any more", () => {
  const { change, replayed, replayed_step, replayed_reason } = goneDecision(entryOf(), "why");
  assert.deepEqual([change, replayed, replayed_step, replayed_reason], [
    "gone",
    "not_asked",
    null,
    "why",
  ]);
});
