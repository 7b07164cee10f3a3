import assert from "node:assert/strict";
import {
  ClaimLostError,
  NoProgressError,
  WorkRefusedError,
  WorkUnacknowledgedError,
} from "../../../coordination/work/work_errors.ts";

Deno.test("errors of work say what happened and carry it as data", () => {
  const cases: { error: Error; fields: Record<string, unknown>; message: RegExp }[] = [
    {
      error: new WorkRefusedError("w", "backlog_full"),
      fields: {
        name: "WorkRefusedError",
        code: "WORK_REFUSED",
        itemId: "w",
        reason: "backlog_full",
      },
      message: /^Work "w" was refused: the backlog is full/,
    },
    {
      error: new WorkUnacknowledgedError("w", true),
      fields: { code: "WORK_UNACKNOWLEDGED", withdrawn: true },
      message: /\(no leader answered in time\); it was withdrawn$/,
    },
    {
      error: new WorkUnacknowledgedError("w", false, new Error("down")),
      fields: { withdrawn: false },
      message: /\(Error: down\); it may still be assigned$/,
    },
    {
      error: new ClaimLostError("w", 3, "superseded"),
      fields: { code: "CLAIM_LOST", attempt: 3, reason: "superseded" },
      message: /^The claim on work "w" in attempt 3 is over: the item was taken away$/,
    },
    {
      error: new NoProgressError("w", 0.5, 1_000.4),
      fields: { code: "NO_PROGRESS", progress: 0.5, stalledMs: 1_000.4 },
      message: /has stood at 0.5 for 1000 ms$/,
    },
  ];
  for (const { error, fields, message } of cases) {
    assert.match(error.message, message);
    for (const [name, value] of Object.entries(fields)) {
      assert.equal((error as unknown as Record<string, unknown>)[name], value, name);
    }
  }
});
