import assert from "node:assert/strict";
import {
  draftOf,
  emptyLedger,
  ledgerFacts,
  standingOf,
} from "../../../orchestration/recovery/ledger.ts";
import { countName, noteEnd, noteRun } from "../../../orchestration/recovery/ledger_notes.ts";
import { rulesOf } from "./recovery_fixtures.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

Deno.test("draftOf makes a copy whose changes do not show in the ledger", async () => {
  const ledger = emptyLedger();
  const before = structuredClone(ledger);
  const draft = draftOf(ledger);
  const end = { action: "a", nowMs: 5, isSuccess: true, isFutile: false };
  noteEnd(draft, end, await rulesOf({}));
  noteRun(draft, "safe_mode", 5);
  countName(draft.byAnomaly, "x");
  draft.episodes.set("x", { firstMs: 1, lastMs: 1, recurrences: 0 });
  draft.stepFailures.set("x", 1);
  draft.refusals.set("x", { seq: 1, result: "failed" });
  draft.stormSeenMs = 1;
  draft.nextSeq++;
  assert.deepEqual(ledger, before);
});

Deno.test("standingOf knows an action that never ran as free, whatever its name", () => {
  const free = { endedMs: null, failures: 0, futile: 0, frozenUntilMs: null };
  for (const name of ["a", "constructor", "__proto__", "toString"]) {
    assert.deepEqual(standingOf(emptyLedger(), name), free, name);
  }
});

Deno.test("ledgerFacts counts the runs of the last hour and the safe modes of the last day", () => {
  const nowMs = 10 * DAY_MS;
  const ledger = {
    ...emptyLedger(),
    runsMs: [nowMs - HOUR_MS - 1, nowMs - HOUR_MS, nowMs - HOUR_MS + 1, nowMs],
    safeModesMs: [nowMs - DAY_MS, nowMs - DAY_MS + 1],
  };
  const facts = ledgerFacts(ledger, "a", nowMs);
  assert.deepEqual([facts.runs_last_hour, facts.first_run_ms], [2, nowMs - HOUR_MS + 1]);
  assert.deepEqual([facts.safe_modes_last_day, facts.first_safe_mode_ms], [1, nowMs - DAY_MS + 1]);
  const empty = ledgerFacts(emptyLedger(), "a", nowMs);
  assert.deepEqual([empty.runs_last_hour, empty.first_run_ms, empty.last_ended_ms], [
    0,
    null,
    null,
  ]);
});
