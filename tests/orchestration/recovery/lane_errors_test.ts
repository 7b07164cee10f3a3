import assert from "node:assert/strict";
import { LaneMovedError, LaneOverError } from "../../../orchestration/recovery/lane_errors.ts";

Deno.test("lane errors say which lane it is, and what became of the change", () => {
  const moved = new LaneMovedError("cluster");
  const over = new LaneOverError("node:a");
  assert.deepEqual([moved.name, over.name], ["LaneMovedError", "LaneOverError"]);
  assert.equal(moved.message, 'Cannot tell whether lane "cluster" was changed: it was read again');
  assert.equal(over.message, 'Cannot change lane "node:a": the work in it has ended');
  assert.ok(!(moved instanceof LaneOverError));
});
