import assert from "node:assert/strict";
import fc from "fast-check";
import { storedBytes } from "../../coordination/work/json_text.ts";
import { RecoveryTrigger } from "../../enums/recovery_trigger.ts";
import { coalesce, decodePending } from "../../orchestration/recovery/anomaly_event.ts";
import { emptyLedger, type Ledger } from "../../orchestration/recovery/ledger.ts";
import {
  countName,
  noteAnomaly,
  noteEnd,
  noteLastRefusal,
  noteRun,
  noteStep,
} from "../../orchestration/recovery/ledger_notes.ts";
import { decodeLedger, encodeLedger } from "../../orchestration/recovery/ledger_record.ts";
import { decodeRequest } from "../../orchestration/recovery/manual_request.ts";
import {
  contextOf,
  decodeChain,
  durationSeconds,
  withOutcome,
} from "../../orchestration/recovery/recovery_chain.ts";
import { describeChain } from "../../orchestration/recovery/recovery_chain_dict.ts";
import { aChain, anExecution, rulesOf } from "../orchestration/recovery/recovery_fixtures.ts";
import { checkProperty } from "../support/property.ts";

const START_MS = Date.UTC(2026, 0, 1);
const HOUR_MS = 3_600_000;
const rules = await rulesOf();

const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "safe_mode", "enter_safe_mode", "📡"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 100 }),
  fc.string({ minLength: 90, maxLength: 100 }),
);

type Note = (ledger: Ledger, name: string, nowMs: number) => void;

const NOTES: readonly Note[] = [
  noteRun,
  (ledger, action, nowMs) =>
    void noteEnd(ledger, { action, nowMs, isSuccess: false, isFutile: true }, rules),
  (ledger, type) => noteStep(ledger, type, 3, true),
  (ledger, type, nowMs) =>
    void noteAnomaly(ledger, type, { firstMs: nowMs, nowMs, gapMs: HOUR_MS }),
  (ledger, place) => noteLastRefusal(ledger, place, { seq: 7, result: "skipped_cooldown" }),
  (ledger, type) => countName(ledger.byAnomaly, type),
];

Deno.test("a ledger is read back as it was stored, and always fits into a storage", () => {
  const note = fc.record({ note: fc.constantFrom(...NOTES), name, afterMs: fc.nat(10_000) });
  checkProperty(
    fc.property(fc.array(note, { maxLength: 400, size: "max" }), (notes) => {
      const ledger = emptyLedger();
      let nowMs = START_MS;
      for (const { note, name, afterMs } of notes) note(ledger, name, nowMs += afterMs);
      const stored = encodeLedger(ledger);
      const bytes = storedBytes(JSON.stringify(stored));
      assert.ok(bytes <= 60_000, `${bytes} bytes`);
      const read = decodeLedger(JSON.parse(JSON.stringify(stored)));
      assert.deepEqual(encodeLedger(read), stored);
      assert.deepEqual([read.runsMs, read.safeModesMs], [ledger.runsMs, ledger.safeModesMs]);
      if (bytes < 20_000) assert.deepEqual(read, ledger);
    }),
    100,
  );
});

/** Values like those that are stored, with anything at any place. */
function damaged(value: unknown): fc.Arbitrary<unknown> {
  const whole = fc.jsonValue();
  if (Array.isArray(value)) {
    const items = value.map(damaged);
    return fc.oneof({ weight: 9, arbitrary: fc.tuple(...items) }, { weight: 1, arbitrary: whole });
  }
  if (typeof value !== "object" || value === null) {
    const odd = fc.constantFrom(null, "", -1, 0.5, 1e300, true, [], {}, "__proto__");
    return fc.oneof({ weight: 30, arbitrary: fc.constant(value) }, { weight: 1, arbitrary: odd });
  }
  const fields = Object.entries(value).map(([key, each]) => [key, damaged(each)] as const);
  return fc.oneof(
    { weight: 9, arbitrary: fc.record(Object.fromEntries(fields)) },
    { weight: 1, arbitrary: whole },
  );
}

const pending = {
  type: "comm_fault",
  severity: 0.5,
  confidence: 0.5,
  metadata: { duration: 5 },
  recurrenceCount: 1,
  firstMs: START_MS,
  lastMs: START_MS,
  told: 1,
  node: "node-1",
};
const request = {
  id: "r1",
  action: "restart",
  reason: "because",
  actor: null,
  params: {},
  force: false,
  atMs: START_MS,
  node: "node-1",
};
const execution = anExecution();
const chains = [
  aChain({ outcomes: [{ action: "restart_radio", result: "failed", verified: null }] }),
  aChain({ at: { kind: "running", execution } }),
  aChain({ at: { kind: "verifying", execution, endedMs: START_MS, report: null, checks: 0 } }),
];

Deno.test("decodeChain never throws, and takes only what can be worked with", () => {
  const stored = fc.oneof(fc.jsonValue(), ...chains.map(damaged));
  let taken = 0;
  checkProperty(
    fc.property(stored, (value) => {
      const chain = decodeChain(value);
      if (chain === null) return;
      taken++;
      const { severity, trigger } = chain.cause;
      assert.ok(severity >= 0 && severity <= 1);
      assert.ok(Object.values(RecoveryTrigger).includes(trigger));
      assert.equal(typeof describeChain(chain).action_type, "string");
      for (const { condition } of chain.steps) assert.equal(typeof condition, "string");
      assert.ok(Number.isFinite(durationSeconds(chain.cause, START_MS)));
      for (const value of Object.values(contextOf(chain, START_MS))) {
        assert.ok(["number", "boolean"].includes(typeof value));
      }
      if (chain.at.kind !== "deciding") {
        new Date(chain.at.execution.decidedMs).toISOString();
        assert.equal(typeof chain.at.execution.inputs.facts.dry_run, "boolean");
      }
      withOutcome(chain, { result: "failed", verified: null }, START_MS);
    }),
    2_000,
  );
  assert.ok(taken > 100, `${taken} were taken`);
});

Deno.test("decodePending never throws, and takes only what can be worked with", () => {
  let taken = 0;
  checkProperty(
    fc.property(fc.oneof(fc.jsonValue(), damaged(pending)), (value) => {
      const anomaly = decodePending(value);
      if (anomaly === null) return;
      taken++;
      new Date(anomaly.firstMs).toISOString();
      assert.notEqual(decodePending(JSON.parse(JSON.stringify(coalesce(anomaly, anomaly)))), null);
    }),
    1_000,
  );
  assert.ok(taken > 50, `${taken} were taken`);
});

Deno.test("decodeRequest never throws, and takes only what can be worked with", () => {
  let taken = 0;
  checkProperty(
    fc.property(fc.oneof(fc.jsonValue(), damaged(request)), (value) => {
      const read = decodeRequest(value);
      if (read === null) return;
      taken++;
      assert.equal(typeof read.force, "boolean");
      assert.ok(read.action.length <= 100);
      assert.equal(typeof read.params, "object");
      new Date(read.atMs).toISOString();
    }),
    1_000,
  );
  assert.ok(taken > 50, `${taken} were taken`);
});
