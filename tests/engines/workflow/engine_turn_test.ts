import assert from "node:assert/strict";
import { takeEngineTurn } from "../../../engines/workflow/engine_turn.ts";
import { worldOf } from "./orchestrator_world.ts";

Deno.test("takeEngineTurn gives one turn at a time, and none after a run that is over", () => {
  const { engine } = worldOf();
  const refuses = (kind: "start" | "resume", reason: string) =>
    assert.throws(() => takeEngineTurn(engine, kind), {
      name: "RunRefusedError",
      reason,
      runId: "r-1",
    });
  const turn = takeEngineTurn(engine, "start");
  refuses("start", "exists");
  refuses("resume", "exists");
  turn.end(false);
  takeEngineTurn(engine, "resume").end(false);
  takeEngineTurn(engine, "start").end(true);
  refuses("start", "exists");
  refuses("resume", "ended");
  takeEngineTurn(worldOf().engine, "start");
});
