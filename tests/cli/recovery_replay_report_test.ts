import assert from "node:assert/strict";
import { renderReplay, renderReplayJson } from "../../cli/recovery_replay_report.ts";
import { replayHistory } from "../../orchestration/recovery/replay.ts";
import { crashPolicy } from "../orchestration/recovery/replay_entry.ts";
import { entryOf } from "./recovery_samples.ts";

const entry = entryOf({ result: "skipped_disabled", error: "recovery is switched off" });
const file = { entries: [entry], unreadableLines: 0, unreadableNumbers: [] };

Deno.test("renderReplay has no table where nothing differs", async () => {
  const same = replayHistory([entryOf()], await crashPolicy([["mend"]]));
  const text = renderReplay(same, file);
  assert.match(text, /^1 decisions replayed: 1 the same, 0 changed, 0 added, 0 gone\n {2}/);
});

Deno.test("renderReplay shows what differs and why, and what is no entry", async () => {
  const report = replayHistory([entry], await crashPolicy([["mend"], ["page\u001b[31m"]]));
  const text = renderReplay(report, { ...file, unreadableLines: 7, unreadableNumbers: [1, 2] });
  assert.match(
    text,
    /^\S+ +crash +1 +mend +skipped_disabled +run +was: recovery is switched off$/m,
  );
  assert.match(
    text,
    /^\S+ +crash +- → 2 +page\ufffd\[31m +no such step +run \(assumed\) +supposing/m,
  );
  assert.match(text, /^7 lines of the history cannot be read: 1, 2, …$/m);
});

Deno.test("renderReplay tells of refusals that were only counted", async () => {
  const repeated = replayHistory([entryOf({ repeats: 4 })], await crashPolicy([["mend"]]));
  assert.match(
    renderReplay(repeated, file),
    /0 gone; 4 repeated refusals only counted, not replayed$/m,
  );
});

Deno.test("renderReplayJson is the report as one document", async () => {
  const report = replayHistory([entry], await crashPolicy([["mend"]]));
  const told = JSON.parse(renderReplayJson(report, { ...file, unreadableLines: 2 }));
  assert.equal(told.differs, true);
  assert.equal(told.lines_ignored, 2);
  assert.equal(told.decisions[0].replayed, "run");
});
