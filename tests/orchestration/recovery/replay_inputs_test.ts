import assert from "node:assert/strict";
import {
  assumedFacts,
  EITHER_WAY,
  possibleInputs,
  replayedFacts,
} from "../../../orchestration/recovery/replay_inputs.ts";
import { crashPolicy, entryOf, FREE_FACTS } from "./replay_entry.ts";

const { inputs } = entryOf();

Deno.test("possibleInputs is one way where everything before is known", () => {
  const ways = possibleInputs(inputs, [{ action: "restart_it", results: ["failed"] }], 1);
  assert.deepEqual(ways?.map(({ context }) => context)[0], {
    restart_it_failed: true,
    restart_failed: true,
    previous_step_failed: true,
    severity: 0.6,
    recurrence_count: 0,
    confidence: 1,
    step: 2,
    duration: 0,
  });
  assert.equal(ways?.[0]?.previous_result, "failed");
});

Deno.test("possibleInputs tells each way apart, and a failure once and as often as escalates", () => {
  const before = [
    { action: "mend", results: EITHER_WAY },
    { action: "page", results: ["success"] as const },
  ];
  const first = possibleInputs(inputs, before.slice(0, 1), 3) ?? [];
  const ways = first.map((way) => [way.previous_result, way.previous_failures]);
  assert.deepEqual(ways, [["success", 0], ["failed", 1], ["failed", 3]]);
  const second = possibleInputs(inputs, before, 3) ?? [];
  assert.deepEqual(second.map(({ context }) => context["mend_failed"]), [undefined, true]);
  assert.deepEqual(second.map(({ previous_failures }) => previous_failures), [0, 0]);
});

Deno.test("possibleInputs gives up on too many ways", () => {
  const before = Array.from({ length: 6 }, () => ({ action: "mend", results: EITHER_WAY }));
  assert.equal(possibleInputs(inputs, before, 1), null);
  assert.notEqual(possibleInputs(inputs, before.slice(1), 1), null);
});

Deno.test("replayedFacts takes from the document what it says itself", async () => {
  const document = await crashPolicy([["mend"]], {
    enabled: false,
    handlers: { mend: { log: {} } },
  });
  const entry = entryOf({ result: "skipped_no_handler" }, { has_handler: false, leading: false });
  const facts = replayedFacts(entry, "mend", document);
  assert.equal(facts.enabled, false);
  assert.equal(facts.has_handler, true);
  assert.equal(facts.leading, false);
  assert.equal(replayedFacts(entry, "toString", document).has_handler, false);
});

Deno.test("assumedFacts leaves out what is known about another action", () => {
  const facts = assumedFacts({ ...FREE_FACTS, failures_in_row: 3, last_ended_ms: 1, pause: "x" });
  assert.deepEqual(facts, { ...FREE_FACTS, pause: "x" });
});
