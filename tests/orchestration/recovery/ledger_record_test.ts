import assert from "node:assert/strict";
import { InvalidRecordError } from "../../../enums/records/invalid_record_error.ts";
import { draftOf, emptyLedger, type Ledger } from "../../../orchestration/recovery/ledger.ts";
import { decodeLedger, encodeLedger } from "../../../orchestration/recovery/ledger_record.ts";
import { storedValueBytes } from "../../../orchestration/recovery/storage_change.ts";
import { NOW_MS } from "./recovery_fixtures.ts";

const MAX_BYTES = 60_000;

/** Reads a ledger back as a storage gives it. */
const throughStorage = (ledger: Ledger) =>
  decodeLedger(JSON.parse(JSON.stringify(encodeLedger(ledger))));

/** A ledger in which all is as full as it can be, with names of one's own. */
function fullLedger(nameOf: (i: number) => string, step = 1): Ledger {
  const mapOf = <V>(size: number, value: V, prefix = "") =>
    new Map(Array.from({ length: size }, (_, i) => [prefix + nameOf(i), value]));
  const times = (everyMs: number) =>
    Array.from({ length: 1_000 }, (_, i) => NOW_MS + i * everyMs * step);
  const standing = { endedMs: NOW_MS + 0.1, failures: 99, futile: 99, frozenUntilMs: NOW_MS + 0.7 };
  return {
    ...emptyLedger(),
    atMs: NOW_MS,
    nextSeq: 9_999_999,
    firstSeq: 8_999_999,
    actions: mapOf(100, standing),
    runsMs: times(3_599.123456),
    safeModesMs: times(86_399.123456),
    stepFailures: mapOf(50, 99, "99 "),
    episodes: mapOf(50, { firstMs: NOW_MS + 0.1, lastMs: NOW_MS + 0.2, recurrences: 9_999 }),
    refusals: new Map(
      [...mapOf(25, null)].map(([name]) => [`99 ${name} ${name}`, {
        seq: 9_999_999,
        result: "skipped_phase_restriction",
      }]),
    ),
    stormSeenMs: NOW_MS,
    byAction: mapOf(51, 99_999),
    byAnomaly: mapOf(51, 99_999),
    byResult: new Map([["failed", 9]]),
    lastAction: { name: nameOf(0), atMs: NOW_MS },
  };
}

Deno.test("decodeLedger reads what encodeLedger made of a ledger, whatever names are in it", () => {
  const names = ["__proto__", "constructor", "toString", "📡", "", "x".repeat(100), "a\0b"];
  const nameOf = (i: number) => names[i % names.length]!;
  const ledger = { ...fullLedger(nameOf), runsMs: [NOW_MS, NOW_MS, NOW_MS + 5], safeModesMs: [7] };
  for (const [name, standing] of ledger.actions) {
    ledger.actions.set(name, { ...standing, endedMs: null, frozenUntilMs: NOW_MS });
  }
  for (const [name, episode] of ledger.episodes) {
    ledger.episodes.set(name, { ...episode, firstMs: 1, lastMs: 2 });
  }
  assert.equal(ledger.actions.size, names.length);
  assert.deepEqual(throughStorage(ledger), ledger);
  assert.deepEqual(throughStorage(emptyLedger()), emptyLedger());
});

Deno.test("encodeLedger fits into a storage with everything at its bound", () => {
  const kinds: [name: string, nameOf: (i: number) => string][] = [
    ["short names", (i) => `action_${i}`],
    ["long names", (i) => `${i}`.padEnd(100, "x")],
    ["names that are no Latin", (i) => `${i}`.padEnd(100, "📡")],
    ["one name that is no Latin", (i) => i === 0 ? "📡" : `${i}`.padEnd(100, "x")],
    ["names that JSON must escape", (i) => `${i}`.padEnd(100, "\u0001")],
  ];
  for (const [name, nameOf] of kinds) {
    const ledger = fullLedger(nameOf);
    const encoded = encodeLedger(ledger);
    const bytes = storedValueBytes(encoded);
    assert.ok(bytes <= MAX_BYTES, `${name}: ${bytes}`);
    const read = decodeLedger(encoded);
    assert.equal(read.runsMs.length, 1_000, name);
    assert.equal(read.safeModesMs.length, 1_000, name);
    assert.equal([...read.actions.keys()].at(-1), [...ledger.actions.keys()].at(-1), name);
  }
  const read = throughStorage(fullLedger((i) => `action_${i}`));
  assert.deepEqual([read.actions.size, read.episodes.size, read.refusals.size], [100, 50, 25]);
  const long = throughStorage(fullLedger((i) => `${i}`.padEnd(100, "x")));
  assert.deepEqual([long.actions.size, long.episodes.size, long.byAction.size], [100, 50, 51]);
  const wide = throughStorage(fullLedger((i) => i === 0 ? "📡" : `${i}`.padEnd(100, "x")));
  assert.deepEqual([wide.actions.size, wide.episodes.size, wide.byAction.size], [100, 50, 51]);
});

Deno.test("encodeLedger rounds to whole ms, and never to an earlier one", () => {
  const ledger = fullLedger((i) => `action_${i}`);
  const read = throughStorage(ledger);
  for (const [i, ms] of ledger.runsMs.entries()) {
    assert.ok(read.runsMs[i]! >= ms && read.runsMs[i]! < ms + 1, `${ms}`);
  }
  assert.deepEqual(read.actions.get("action_0"), {
    endedMs: NOW_MS + 1,
    failures: 99,
    futile: 99,
    frozenUntilMs: NOW_MS + 1,
  });
});

Deno.test("encodeLedger changes nothing, and decodeLedger gives what can be changed", () => {
  const ledger = fullLedger((i) => `${i}`.padEnd(100, "📡"));
  const before = structuredClone(ledger);
  encodeLedger(ledger);
  assert.deepEqual(ledger, before);
  const read = throughStorage(ledger);
  const draft = draftOf(read);
  draft.actions.clear();
  draft.counters.executed++;
  assert.notEqual(read.actions.size, 0);
  assert.equal(read.counters.executed, 0);
});

Deno.test("decodeLedger refuses what is no ledger, and names the place", () => {
  const right = JSON.parse(JSON.stringify(encodeLedger(fullLedger((i) => `a${i}`))));
  const cases: [path: string, fields: object][] = [
    ["at_ms", { at_ms: "1" }],
    ["at_ms", { at_ms: undefined }],
    ["next_seq", { next_seq: -1 }],
    ["actions", { actions: {} }],
    ["actions[0]", { actions: [["a"]] }],
    ["actions[0]", { actions: [[5, {}]] }],
    ["actions[0]", { actions: [["a", { failures: "1", futile: 0 }]] }],
    ["runs_ms[1]", { runs_ms: [1, null] }],
    ["step_failures[0]", { step_failures: [["a", -1]] }],
    ["refusals[0]", { refusals: [["a", { seq: 1, result: "constructor" }]] }],
    ["storm_seen_ms", { storm_seen_ms: "now" }],
    ["counters", { counters: { executed: null } }],
    ["last_action", { last_action: { name: "a" } }],
  ];
  for (const [path, fields] of cases) {
    assert.throws(() => decodeLedger({ ...right, ...fields }), (error) => {
      assert.ok(error instanceof InvalidRecordError, path);
      assert.deepEqual(error.faults.map((fault) => fault.path), [path]);
      return true;
    });
  }
  for (const value of [null, undefined, 5, "x", []]) {
    assert.throws(() => decodeLedger(value), InvalidRecordError);
  }
});

Deno.test("decodeLedger reads a ledger of an earlier version, without a counter that is new", () => {
  const right = JSON.parse(JSON.stringify(encodeLedger(emptyLedger())));
  delete right.counters.recoveries;
  assert.deepEqual(decodeLedger({ ...right, unknown: 5 }), emptyLedger());
});
