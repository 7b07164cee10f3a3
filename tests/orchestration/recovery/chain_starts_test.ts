import assert from "node:assert/strict";
import { RecoveryResult } from "../../../enums/recovery_result.ts";
import { type PendingAnomaly, pendingOf } from "../../../orchestration/recovery/anomaly_event.ts";
import {
  anomalyCause,
  requestedStart,
  singleStart,
  stepsOf,
} from "../../../orchestration/recovery/chain_starts.ts";
import { LaneDraft } from "../../../orchestration/recovery/lane_draft.ts";
import { laneKeys } from "../../../orchestration/recovery/lane_keys.ts";
import { emptyLedger } from "../../../orchestration/recovery/ledger.ts";
import { MemoryRecoveryStorage } from "../../../orchestration/recovery/memory_recovery_storage.ts";
import {
  contextOf,
  decodeChain,
  type RecoveryChain,
} from "../../../orchestration/recovery/recovery_chain.ts";
import type { RecoveryRules } from "../../../orchestration/recovery/recovery_rules.ts";
import { storedValueBytes } from "../../../orchestration/recovery/storage_change.ts";
import { aRequest, policyOf } from "./machine_world.ts";
import { aCause, anExecution, NOW_MS, rulesOf, someFacts } from "./recovery_fixtures.ts";

const pending: PendingAnomaly = {
  type: "crash",
  severity: 0.9,
  confidence: 0.5,
  metadata: { host: "h" },
  recurrenceCount: 0,
  firstMs: 1_000,
  lastMs: 2_000,
  told: 3,
  node: "n",
};

const draft = (nowMs: number, ledger = emptyLedger()) =>
  new LaneDraft({
    ledger,
    chains: new Map(),
    keys: laneKeys("cluster"),
    nowMs,
    storage: new MemoryRecoveryStorage(),
  });

Deno.test("anomalyCause counts what was told, and that it came back", async () => {
  const rules = await rulesOf({
    recovery_policies: { crash: { ...policyOf("a"), component: "db" } },
    advanced: { episode_gap_seconds: 60 },
  });
  const ledger = emptyLedger();
  const first = anomalyCause(draft(5_000, ledger), pending, rules, ": note");
  assert.deepEqual(
    [first.detectedMs, first.recurrenceCount, first.component, first.reason, first.node],
    [4_000, 0, "db", "crash: note", "n"],
  );
  assert.deepEqual([ledger.counters.anomalies, ledger.counters.coalesced], [3, 2]);
  const later = { ...pending, firstMs: 20_000, lastMs: 20_000, told: 1 };
  const second = anomalyCause(draft(30_000, ledger), later, rules);
  assert.deepEqual([second.detectedMs, second.recurrenceCount], [4_000, 1]);
  const told = anomalyCause(draft(31_000, ledger), { ...later, recurrenceCount: 7 }, rules);
  assert.equal(told.recurrenceCount, 7, "who tells may know of more");
  const anew = anomalyCause(draft(200_000, ledger), { ...later, lastMs: 21_000 }, rules);
  assert.deepEqual([anew.detectedMs, anew.recurrenceCount], [199_000, 0]);
});

Deno.test("anomalyCause goes by the ledger's clock, whatever that of the teller says", async () => {
  const rules = await rulesOf({});
  for (const [name, aheadMs] of [["behind", -3_600_000], ["ahead", 3_600_000]] as const) {
    const nowMs = 7_200_000;
    const firstMs = nowMs + aheadMs;
    const told = { ...pending, firstMs, lastMs: firstMs + 1_000 };
    const cause = anomalyCause(draft(nowMs), told, rules);
    assert.equal(cause.detectedMs, nowMs - 1_000, name);
    assert.equal(cause.component, null, name);
  }
  const endless = { ...pending, firstMs: 0, lastMs: 9_000_000 };
  assert.equal(anomalyCause(draft(5_000), endless, rules).detectedMs, 0, "no moment before 1970");
});

Deno.test("singleStart and requestedStart make a chain of one step that is always taken", () => {
  const cause = { trigger: "health_check", type: "t", reason: "r", node: "n" } as const;
  const single = singleStart({ action: "a", params: { x: 1 }, timeoutMs: 7, cause }, 50);
  assert.deepEqual(single.steps, [
    { action: "a", condition: "always", params: { x: 1 }, timeoutMs: 7 },
  ]);
  assert.deepEqual([single.cause.detectedMs, single.cause.force], [50, false]);
  const request = aRequest("b", { force: true });
  const asked = requestedStart(request, 9, 60);
  assert.deepEqual(
    [asked.cause.trigger, asked.cause.type, asked.cause.actor, asked.cause.requestId],
    ["manual_trigger", "b", "ann", request.id],
  );
  assert.deepEqual([asked.cause.force, asked.steps[0]?.timeoutMs], [true, 9]);
});

Deno.test("stepsOf keeps the words of a policy, with its times multiplied", async () => {
  const { policies } = await rulesOf({
    recovery_actions: { a: { timeout: 20 } },
    recovery_policies: {
      crash: policyOf("a", {
        action: "b",
        condition: "severity > 0.5",
        timeout: 10,
        params: { x: 1 },
      }),
    },
    advanced: { action_timeout_multiplier: 2 },
  });
  assert.deepEqual(stepsOf(policies.get("crash")!), [
    { action: "a", condition: "always", params: {}, timeoutMs: 40_000 },
    { action: "b", condition: "severity > 0.5", params: { x: 1 }, timeoutMs: 20_000 },
  ]);
});

const WIDE = "\u65e5";
const name = (i: number, chars: number, letter: string) =>
  String(i).padStart(3, "0") + letter.repeat(Math.max(0, chars - 3));
const stepsOfNames = (count: number, chars: number, letter = "n") =>
  Array.from({ length: count }, (_, i) => ({ action: name(i, chars, letter) }));

/** @returns What the schema makes of the largest of these chains that it takes. */
async function largest(make: (size: number) => readonly object[], most: number) {
  const rules = (size: number): Promise<RecoveryRules | null> =>
    rulesOf({
      advanced: { action_timeout_multiplier: 100 },
      recovery_policies: { crash: policyOf(...make(size)) },
    }).catch(() => null);
  let [taken, refused] = [0, most + 1];
  while (refused - taken > 1) {
    const size = Math.floor((taken + refused) / 2);
    if (await rules(size) === null) refused = size;
    else taken = size;
  }
  assert.ok(taken > 0, "none is taken");
  return stepsOf((await rules(taken))!.policies.get("crash")!);
}

Deno.test("a chain as large as a file may have it always fits a record, with all of its run", async () => {
  const shapes: [name: string, make: (size: number) => readonly object[], most: number][] = [
    ["a hundred steps", (chars) => stepsOfNames(100, chars), 100],
    ["names of a hundred characters", (count) => stepsOfNames(count, 100), 100],
    ["the same, not Latin", (count) => stepsOfNames(count, 100, WIDE), 100],
    [
      "one step, Latin",
      (n) => [{ action: "a", params: { t: "y".repeat(n) }, timeout: 3e7 }],
      60_000,
    ],
    ["one step, not Latin", (n) => [{ action: "a", params: { t: WIDE.repeat(n) } }], 60_000],
  ];
  const texts = { latin: "z".repeat(7_980), wide: WIDE.repeat(3_990), mixed: WIDE.repeat(1_300) };
  for (const [shape, make, most] of shapes) {
    const steps = await largest(make, most);
    for (const [kind, m] of Object.entries(texts)) {
      const event = { anomalyType: WIDE.repeat(100), severityScore: 1 / 3, metadata: { m } };
      const anomaly = pendingOf(event, { node: "n".repeat(100), nowMs: NOW_MS });
      const note = `: ${WIDE.repeat(200)}`;
      const cause = anomalyCause(draft(NOW_MS), anomaly, await rulesOf({}), note);
      const outcomes = steps.slice(0, -1).map(({ action }) => ({
        action,
        result: RecoveryResult.FAILED,
        verified: false,
      }));
      const chain: RecoveryChain = {
        id: crypto.randomUUID(),
        cause: aCause({ ...cause, component: "c".repeat(100) }),
        steps,
        outcomes,
        at: { kind: "deciding", notBeforeMs: NOW_MS },
      };
      const facts = someFacts({ phase: "p".repeat(100), storm_seen_ms: NOW_MS });
      const inputs = { ...anExecution().inputs, context: contextOf(chain, NOW_MS), facts };
      const execution = anExecution({ id: crypto.randomUUID(), inputs });
      const report = WIDE.repeat(1_000);
      const at = { kind: "verifying", execution, endedMs: NOW_MS, report, checks: 99 } as const;
      const bytes = storedValueBytes({ ...chain, at });
      assert.ok(bytes <= 60_000, `${shape}, metadata ${kind}: ${bytes} bytes`);
      assert.notEqual(decodeChain({ ...chain, at }), null);
    }
  }
});
