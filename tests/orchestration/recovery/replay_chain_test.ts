import assert from "node:assert/strict";
import type { GateFacts } from "../../../orchestration/recovery/gate_facts.ts";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import { compileRules } from "../../../orchestration/recovery/compile_rules.ts";
import { replayChain } from "../../../orchestration/recovery/replay_chain.ts";
import { crashPolicy, entryOf } from "./replay_entry.ts";

type Document = Awaited<ReturnType<typeof crashPolicy>>;

function replay(entries: readonly RecoveryActionDict[], document: Document) {
  const by = { document, rules: compileRules(document, null), isDryRunByDocument: false };
  return replayChain({ entries, folded: new Map() }, by);
}

function brief(entries: readonly RecoveryActionDict[], document: Document): readonly string[] {
  return replay(entries, document).map(({ action_type, recorded, replayed, change, assumed }) =>
    `${action_type}: ${recorded} > ${replayed} ${change}${assumed ? " assumed" : ""}`
  );
}

Deno.test("replayChain makes one decision again by what is recorded with it", async () => {
  const cases: readonly {
    readonly name: string;
    readonly result?: RecoveryActionDict["result"];
    readonly facts?: Partial<GateFacts>;
    readonly document: Document;
    readonly want: string;
  }[] = [
    { name: "the same", document: await crashPolicy([["mend"]]), want: "mend: run > run same" },
    {
      name: "a failure was decided to run",
      result: "failed",
      document: await crashPolicy([["mend"]]),
      want: "mend: run > run same",
    },
    {
      name: "switched off",
      document: await crashPolicy([["mend"]], { enabled: false }),
      want: "mend: run > skipped_disabled changed",
    },
    {
      name: "no longer switched off",
      result: "skipped_disabled",
      facts: { enabled: false },
      document: await crashPolicy([["mend"]]),
      want: "mend: skipped_disabled > run changed",
    },
    {
      name: "a longer cooldown",
      facts: { last_ended_ms: Date.parse("2026-01-01T00:00:00Z") - 60_000 },
      document: await crashPolicy([["mend"]], { cooldowns: { mend: 100 } }),
      want: "mend: run > skipped_cooldown changed",
    },
    {
      name: "a handler that is declared now",
      result: "skipped_no_handler",
      facts: { has_handler: false },
      document: await crashPolicy([["mend"]], { handlers: { mend: { log: {} } } }),
      want: "mend: skipped_no_handler > run changed",
    },
    {
      name: "not its leader, whatever the file says of its scope",
      result: "skipped_not_leader",
      facts: { leading: false },
      document: await crashPolicy([["mend"]], { recovery_actions: { mend: { scope: "node" } } }),
      want: "mend: skipped_not_leader > skipped_not_leader same",
    },
    {
      name: "it ran on a node, whatever the file says of its scope",
      facts: { leading: false },
      document: await crashPolicy([["mend"]]),
      want: "mend: run > run same",
    },
  ];
  for (const { name, result = "success", facts = {}, document, want } of cases) {
    assert.deepEqual(brief([entryOf({ result }, facts)], document), [want], name);
  }
});

Deno.test("replayChain tells that a chain would not have begun", async () => {
  const entries = [entryOf({ steps: 2 }), entryOf({ step: 2, steps: 2, action_type: "page" })];
  assert.deepEqual(brief(entries, await crashPolicy([["mend"], ["page"]], {}, 0.7)), [
    "mend: run > not_asked gone",
    "page: run > not_asked gone",
  ]);
  const [first] = replay(entries, await crashPolicy([["mend"]], {}, 0.7));
  assert.equal(first?.replayed_reason, "severity 0.60 is below the threshold 0.7");
});

Deno.test("replayChain tells that a chain would have begun", async () => {
  const ignored = entryOf({
    chain_id: "",
    action_type: "",
    step: 0,
    steps: 0,
    result: "below_threshold",
  });
  assert.deepEqual(brief([ignored], await crashPolicy([["mend"]], {}, 0.7)), [
    ": below_threshold > below_threshold same",
  ]);
  assert.deepEqual(brief([ignored], await crashPolicy([["mend"], ["page", "mend_failed"]])), [
    ": below_threshold > asked changed",
    "mend: not_asked > run added assumed",
    "page: not_asked > unknown unknown assumed",
  ]);
});

Deno.test("replayChain follows a difference through the rest of its chain", async () => {
  const failed = entryOf({ steps: 2, result: "failed" });
  const paged = entryOf({ step: 2, steps: 2, action_type: "page" });
  const entries = [failed, {
    ...paged,
    inputs: {
      ...paged.inputs,
      context: { ...paged.inputs.context, previous_step_failed: true, mend_failed: true },
      previous_result: "failed" as const,
      previous_failures: 1,
    },
  }];
  const steps = [["mend"], ["page", "mend_failed"]] as const;
  assert.deepEqual(brief(entries, await crashPolicy(steps)), [
    "mend: run > run same",
    "page: run > run same",
  ]);
  const off = { recovery_actions: { mend: { enabled: false } } };
  assert.deepEqual(brief(entries, await crashPolicy(steps, off)), [
    "mend: run > skipped_disabled changed",
    "page: run > condition_not_met changed assumed",
  ]);
  assert.deepEqual(brief(entries, await crashPolicy([["page", "mend_failed"]])), [
    "mend: run > not_asked gone",
    "page: run > condition_not_met changed assumed",
  ]);
  assert.deepEqual(brief(entries, await crashPolicy([["look"], ...steps])), [
    "look: not_asked > run added assumed",
    "mend: run > run same assumed",
    "page: run > run same assumed",
  ]);
});

Deno.test("replayChain leaves out steps without an entry", async () => {
  const last = entryOf({ step: 2, steps: 2, action_type: "page" });
  assert.deepEqual(brief([last], await crashPolicy([["mend"], ["page"]])), [
    "page: run > run same",
  ]);
});
