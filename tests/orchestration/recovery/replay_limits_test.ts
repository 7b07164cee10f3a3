import assert from "node:assert/strict";
import { replayHistory } from "../../../orchestration/recovery/replay.ts";
import { replayLimits } from "../../../orchestration/recovery/replay_limits.ts";
import { crashPolicy, entryOf } from "./replay_entry.ts";

Deno.test("replayLimits says what cannot be known, as far as it concerns the history", async () => {
  const always = replayLimits([], []);
  assert.equal(always.length, 3);
  const repeated = replayLimits([entryOf({ repeats: 4 })], []);
  assert.match(repeated[0] ?? "", /^4 refusals were only counted/);
  const { limits } = replayHistory([entryOf()], await crashPolicy([["mend"], ["page"]]));
  assert.match(limits[0] ?? "", /^What follows from a difference/);
  assert.match(limits[1] ?? "", /become of 1 actions that run now/);
});
