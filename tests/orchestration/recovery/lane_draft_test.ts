import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import { ignoredEntry } from "../../../orchestration/recovery/ignored_entry.ts";
import { historyKey, laneKeys } from "../../../orchestration/recovery/lane_keys.ts";
import { LaneDraft } from "../../../orchestration/recovery/lane_draft.ts";
import { draftOf, emptyLedger, type Ledger } from "../../../orchestration/recovery/ledger.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import type { RecoveryChain } from "../../../orchestration/recovery/recovery_chain.ts";
import type { RecoveryStorage } from "../../../orchestration/recovery/recovery_storage.ts";

const keys = laneKeys("cluster");

const chain: RecoveryChain = {
  id: "c",
  cause: {
    trigger: "anomaly",
    type: "crash",
    reason: "crash",
    severity: 1,
    confidence: 0,
    recurrenceCount: 0,
    detectedMs: 0,
    metadata: {},
    node: "n",
    component: null,
    actor: null,
    requestId: null,
    force: false,
  },
  steps: [{ action: "a", condition: "always", params: {}, timeoutMs: 1 }],
  outcomes: [],
  at: { kind: "deciding", notBeforeMs: 0 },
};

function entryAt(
  nowMs: number,
  change: Partial<RecoveryActionDict> = {},
): Omit<RecoveryActionDict, "seq"> {
  const lane = { name: "cluster", node: "n", term: null };
  const result = RecoveryResult.NO_POLICY;
  return { ...ignoredEntry(chain.cause, { result, threshold: null, nowMs, lane }), ...change };
}

function draftOn(
  storage: RecoveryStorage,
  { ledger = emptyLedger(), nowMs = 1_000 }: { ledger?: Ledger; nowMs?: number } = {},
): LaneDraft {
  return new LaneDraft({ ledger: draftOf(ledger), chains: new Map(), keys, nowMs, storage });
}

/** Stores what a draft came to, as a lane does. */
async function store(storage: RecoveryStorage, draft: LaneDraft): Promise<Ledger> {
  const { sets, deletes, checks, ledger } = draft.change();
  assert.notEqual(await storage.commit({ sets, deletes, checks }), null);
  return ledger;
}

Deno.test("LaneDraft keeps a chain that goes on, and removes one whose steps are all over", () => {
  const draft = draftOn(new MemoryRecoveryStorage());
  draft.putChain(chain);
  assert.deepEqual([draft.chain("c"), draft.hasChainOf("crash")], [chain, true]);
  assert.deepEqual(draft.change().sets, [{ key: [...keys.chains, "c"], value: chain }]);
  const other = draftOn(new MemoryRecoveryStorage());
  other.putChain({ ...chain, outcomes: [{ action: "a", result: "success", verified: null }] });
  assert.deepEqual([other.chain("c"), other.hasChainOf("crash")], [undefined, false]);
  assert.deepEqual(other.change().deletes, [[...keys.chains, "c"]]);
});

Deno.test("LaneDraft removes a chain that is given up, wherever it is", () => {
  const draft = draftOn(new MemoryRecoveryStorage());
  draft.dropChain(chain);
  assert.equal(draft.chain("c"), undefined);
  assert.deepEqual(draft.change().deletes, [[...keys.chains, "c"]]);
});

Deno.test("LaneDraft writes a key once, with the last value, as a storage demands", () => {
  const draft = draftOn(new MemoryRecoveryStorage());
  draft.putChain(chain);
  const moved: RecoveryChain = { ...chain, at: { kind: "deciding", notBeforeMs: 9 } };
  draft.putChain(moved);
  assert.deepEqual(draft.change().sets.map(({ value }) => value), [moved]);
});

Deno.test("LaneDraft takes what was read only as it was read", async () => {
  const storage = new MemoryRecoveryStorage();
  const key = [...keys.pending, "x"];
  await storage.commit({ sets: [{ key, value: 1 }] });
  const entry = (await storage.get(key))!;
  const draft = draftOn(storage);
  draft.take(entry);
  const { checks, deletes } = draft.change();
  await storage.commit({ sets: [{ key, value: 2 }] });
  assert.equal(await storage.commit({ checks, deletes }), null);
  assert.equal((await storage.get(key))?.value, 2);
});

Deno.test("LaneDraft numbers entries without gaps and removes those beyond the bound, so many at once", async () => {
  const cases = [
    { name: "no bound is near", maxEntries: 10, before: 3, left: [0, 1, 2, 3] },
    { name: "at the bound", maxEntries: 3, before: 3, left: [1, 2, 3] },
    { name: "none is kept", maxEntries: 0, before: 0, left: [] },
    {
      name: "many too many",
      maxEntries: 1,
      before: 60,
      left: Array.from({ length: 11 }, (_, i) => i + 50),
    },
  ];
  for (const { name, maxEntries, before, left } of cases) {
    const storage = new MemoryRecoveryStorage();
    let ledger = emptyLedger();
    for (let i = 0; i < before; i++) {
      const draft = draftOn(storage, { ledger });
      draft.record(entryAt(i), { maxEntries: 1_000 });
      ledger = await store(storage, draft);
    }
    const draft = draftOn(storage, { ledger });
    assert.equal(draft.record(entryAt(before), { maxEntries }).seq, before, name);
    ledger = await store(storage, draft);
    const entries = await storage.list(keys.history, { limit: 100 });
    assert.deepEqual(entries.map(({ value }) => (value as RecoveryActionDict).seq), left, name);
    assert.equal(ledger.firstSeq, left[0] ?? ledger.nextSeq, name);
  }
});

Deno.test("LaneDraft only counts a refusal that is the same as the last one there", async () => {
  const storage = new MemoryRecoveryStorage();
  let ledger = emptyLedger();
  const bound = { maxEntries: 100 };
  const refuse = async (nowMs: number, change: Partial<RecoveryActionDict>, isOnce = false) => {
    const draft = draftOn(storage, { ledger, nowMs });
    const stored = await draft.recordRefusal(entryAt(nowMs, change), { ...bound, isOnce });
    ledger = await store(storage, draft);
    return stored?.seq ?? null;
  };
  const paused = { result: RecoveryResult.SKIPPED_PAUSED, step: 1, action_type: "a" };
  assert.equal(await refuse(1, paused), 0);
  assert.equal(await refuse(2, paused), null);
  assert.equal(await refuse(3, { ...paused, step: 2 }), 1, "another step");
  assert.equal(await refuse(4, { ...paused, anomaly_type: "y" }), 2, "another anomaly");
  assert.equal(await refuse(5, { ...paused, action_type: "b" }), 3, "another action");
  assert.equal(await refuse(6, paused), null);
  assert.equal(await refuse(7, paused, true), 4, "asked for by a person");
  assert.equal(await refuse(8, { ...paused, result: "skipped_storm" }), 5, "another reason");
  assert.equal(await refuse(9, paused), 6, "the first reason again");
  assert.equal(await refuse(10, { ...paused, severity_score: 0.99 }), 7, "another severity");
  assert.equal(
    await refuse(11, { ...paused, severity_score: 0.994 }),
    null,
    "the same in two digits",
  );
  const dry = { ...paused, result: RecoveryResult.SKIPPED_DRY_RUN };
  assert.equal(await refuse(12, dry), 8);
  assert.equal(await refuse(13, dry), 9, "a dry run is told of each time");
  const first = (await storage.get(historyKey(keys, 0)))?.value as RecoveryActionDict;
  assert.deepEqual(
    [first.repeats, first.timestamp, first.last_repeated_at],
    [2, new Date(1).toISOString(), new Date(6).toISOString()],
  );
});

Deno.test("LaneDraft tells a refusal anew when its entry is gone", async () => {
  const storage = new MemoryRecoveryStorage();
  let draft = draftOn(storage);
  await draft.recordRefusal(entryAt(1), { maxEntries: 100, isOnce: false });
  let ledger = await store(storage, draft);
  await storage.commit({ deletes: [historyKey(keys, 0)] });
  draft = draftOn(storage, { ledger });
  assert.equal((await draft.recordRefusal(entryAt(2), { maxEntries: 100, isOnce: false }))?.seq, 1);
  ledger = await store(storage, draft);
  draft = draftOn(storage, { ledger });
  draft.record(entryAt(3, { step: 9 }), { maxEntries: 1 });
  ledger = await store(storage, draft);
  draft = draftOn(storage, { ledger });
  assert.equal((await draft.recordRefusal(entryAt(4), { maxEntries: 1, isOnce: false }))?.seq, 3);
});

Deno.test("LaneDraft removes entries before a moment, and those that cannot be read, so many at once", async () => {
  const storage = new MemoryRecoveryStorage();
  let ledger = emptyLedger();
  for (let i = 0; i < 60; i++) {
    const draft = draftOn(storage, { ledger });
    draft.record(entryAt(i * 1_000), { maxEntries: 100 });
    ledger = await store(storage, draft);
  }
  await storage.commit({ sets: [{ key: historyKey(keys, 3), value: null }] });
  const drop = async (ms: number) => {
    const draft = draftOn(storage, { ledger });
    const isMore = await draft.dropEntriesBefore(ms);
    ledger = await store(storage, draft);
    const left = await storage.list(keys.history, { limit: 100 });
    return [isMore, left.length, ledger.firstSeq];
  };
  assert.deepEqual(await drop(0), [false, 60, 0]);
  assert.deepEqual(await drop(5_000), [false, 55, 5]);
  assert.deepEqual(await drop(58_000), [true, 5, 55]);
  assert.deepEqual(await drop(58_000), [false, 2, 58]);
});

Deno.test("LaneDraft leaves out what an action was given only where its entry takes too much room", () => {
  const cases: [name: string, text: string, isKept: boolean][] = [
    ["short", "x", true],
    ["long", "x".repeat(45_000), true],
    ["long, with a few wide characters", `${"x".repeat(45_000)}€€`, true],
    ["too long", "x".repeat(51_000), false],
    ["too wide", "日".repeat(26_000), false],
  ];
  for (const [name, text, isKept] of cases) {
    const draft = draftOn(new MemoryRecoveryStorage());
    const entry = entryAt(1_000, { params: { text }, report: "r", error: "e".repeat(2_000) });
    const stored = draft.record(entry, { maxEntries: 10 });
    assert.deepEqual([stored.params, stored.report], isKept ? [{ text }, "r"] : [{}, null], name);
    assert.equal(stored.error?.length, isKept ? 2_000 : 1_000, name);
  }
});

Deno.test("LaneDraft never sets the moment of the ledger back", () => {
  const ledger = { ...emptyLedger(), atMs: 5_000 };
  const storage = new MemoryRecoveryStorage();
  assert.equal(draftOn(storage, { ledger, nowMs: 1_000 }).change().ledger.atMs, 5_000);
  assert.equal(draftOn(storage, { ledger, nowMs: 9_000 }).change().ledger.atMs, 9_000);
});
