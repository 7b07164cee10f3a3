import assert from "node:assert/strict";
import { BackgroundTaskStatus } from "../../enums/background_task_status.ts";
import { enumValues } from "../../enums/enum_values.ts";
import { UnknownEnumValueError } from "../../enums/parse_enum_value.ts";
import {
  canTransition,
  IllegalTransitionError,
  isFinalStatus,
  transition,
} from "../../enums/task_lifecycle.ts";

/** Rows are where a task is, columns where it goes, in the order of the rows. */
const table: Record<BackgroundTaskStatus, string> = {
  //          que sta run com fai can tim
  queued: "    no yes  no  no  no yes  no",
  starting: "  no  no yes  no yes yes yes",
  running: "   no  no  no yes yes yes yes",
  completed: " no  no  no  no  no  no  no",
  failed: "    no  no  no  no  no  no  no",
  cancelled: " no  no  no  no  no  no  no",
  timeout: "   no  no  no  no  no  no  no",
};
const statuses = enumValues(BackgroundTaskStatus);

Deno.test("canTransition and transition agree with the table of all statuses", () => {
  for (const from of statuses) {
    const row = table[from].trim().split(/ +/);
    const allowed = statuses.filter((_, i) => row[i] === "yes");
    assert.equal(row.length, statuses.length);
    for (const to of statuses) {
      const isAllowed = allowed.includes(to);
      assert.equal(canTransition(from, to), isAllowed, `${from} to ${to}`);
      if (isAllowed) assert.equal(transition(from, to), to);
      else assertRefused(from, to, allowed);
    }
  }
});

function assertRefused(
  from: BackgroundTaskStatus,
  to: BackgroundTaskStatus,
  allowed: readonly BackgroundTaskStatus[],
): void {
  assert.throws(() => transition(from, to), (error: unknown) => {
    assert.ok(error instanceof IllegalTransitionError);
    assert.equal(error.name, "IllegalTransitionError");
    assert.equal(error.code, "ILLEGAL_TRANSITION");
    assert.deepEqual([error.from, error.to], [from, to]);
    assert.deepEqual(error.allowed.toSorted(), allowed.toSorted());
    assert.ok(Object.isFrozen(error.allowed));
    return true;
  });
}

Deno.test("transition says what is allowed, or that the status is final", () => {
  assert.throws(() => transition("queued", "running"), {
    message:
      "Cannot change a background task from queued to running: allowed are starting, cancelled",
  });
  assert.throws(() => transition("completed", "running"), {
    message: "Cannot change a background task from completed to running: completed is final",
  });
});

Deno.test("isFinalStatus is true for the statuses that nothing follows", () => {
  const final = statuses.filter(isFinalStatus);
  assert.deepEqual(final, ["completed", "failed", "cancelled", "timeout"]);
});

Deno.test("the lifecycle refuses texts that are no status", () => {
  for (const text of ["Queued", "constructor", "__proto__", ""]) {
    const status = text as BackgroundTaskStatus;
    assert.throws(() => canTransition(status, "starting"), UnknownEnumValueError);
    assert.throws(() => canTransition("queued", status), UnknownEnumValueError);
    assert.throws(() => transition(status, "starting"), UnknownEnumValueError);
    assert.throws(() => isFinalStatus(status), UnknownEnumValueError);
  }
});

Deno.test("IllegalTransitionError says so when it is made with a text that is no status", () => {
  for (const text of ["x", "constructor", "__proto__"]) {
    const error = new IllegalTransitionError(text as BackgroundTaskStatus, "starting");
    assert.equal(
      error.message,
      `Cannot change a background task from ${text} to starting: ${text} is no status`,
    );
    assert.deepEqual(error.allowed, []);
  }
});
