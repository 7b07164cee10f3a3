import assert from "node:assert/strict";
import type { RecoveryActionDict } from "../../../orchestration/recovery/recovery_action_dict.ts";
import { replayHistory } from "../../../orchestration/recovery/replay.ts";
import { crashPolicy, entryOf } from "./replay_entry.ts";

Deno.test("replayHistory tells nothing of an empty history", async () => {
  const report = replayHistory([], await crashPolicy([["mend"]]));
  assert.equal(report.differs, false);
  assert.deepEqual(report.decisions, []);
});

Deno.test("replayHistory orders chains by their beginning, and takes an entry once", async () => {
  const entries = [
    entryOf({ seq: 2, chain_id: "chain-2" }),
    entryOf({ seq: 1 }),
    entryOf({ seq: 2, chain_id: "chain-2" }),
  ];
  const { decisions, counts } = replayHistory(entries, await crashPolicy([["mend"]]));
  assert.deepEqual(decisions.map(({ id }) => id), ["entry-1", "entry-2"]);
  assert.equal(counts.same, 2);
});

Deno.test("replayHistory tells entries of the same number in two lanes apart", async () => {
  const entries = [entryOf(), entryOf({ lane: "node:b", id: "other" })];
  const { counts } = replayHistory(entries, await crashPolicy([["mend"]]));
  assert.equal(counts.replayed, 2);
});

Deno.test("replayHistory takes a dry run as recorded, or as the document says", async () => {
  const dry = entryOf({ result: "skipped_dry_run", success: false }, { dry_run: true });
  const live = await crashPolicy([["mend"]]);
  const dryPolicy = await crashPolicy([["mend"]], { dry_run_mode: true });
  const replayed = (entry = dry, document = live, dryRun: "recorded" | "document" = "recorded") =>
    replayHistory([entry], document, { dryRun }).decisions[0]?.replayed;
  assert.equal(replayed(), "skipped_dry_run");
  assert.equal(replayed(dry, live, "document"), "run");
  assert.equal(replayed(entryOf(), dryPolicy), "run");
  assert.equal(replayed(entryOf(), dryPolicy, "document"), "skipped_dry_run");
});

Deno.test("replayHistory knows what became of a step that was only counted", async () => {
  // The refusal of mend in the second chain was counted with that in the first one.
  const refused = entryOf({ steps: 2, result: "skipped_cooldown", error: "rests", repeats: 1 });
  const page = entryOf({
    seq: 3,
    chain_id: "chain-2",
    step: 2,
    steps: 2,
    action_type: "page",
    result: "condition_not_met",
  });
  const document = await crashPolicy([["look"], ["mend"], ["page", "mend_failed"]]);
  const pageOf = (entries: readonly RecoveryActionDict[]) =>
    replayHistory(entries, document).decisions.find(({ id }) => id === page.id)?.replayed;
  assert.equal(pageOf([refused, page]), "condition_not_met", "it rested, so it cannot have failed");
  assert.equal(pageOf([{ ...refused, repeats: 0 }, page]), "unknown");
});
