import assert from "node:assert/strict";
import {
  AbandonedAgentsError,
  PermitQueueFullError,
  PermitTimeoutError,
} from "../../../engines/engine/permit_errors.ts";

const cases: [error: Error, expected: object][] = [
  [new PermitQueueFullError("ada", 10), {
    name: "PermitQueueFullError",
    code: "PERMIT_QUEUE_FULL",
    userId: "ada",
    queueMax: 10,
    message: "Cannot run another agent for the user: 10 wait already, and no more may",
  }],
  [new PermitTimeoutError("ada", 30_000), {
    name: "PermitTimeoutError",
    code: "PERMIT_TIMEOUT",
    userId: "ada",
    waitedMs: 30_000,
    message: "Cannot run the agent: it waited 30000 ms for others of the user to end",
  }],
  [new AbandonedAgentsError("ada", 10), {
    name: "AbandonedAgentsError",
    code: "ABANDONED_AGENTS",
    userId: "ada",
    count: 10,
    message: "Cannot run another agent for the user: 10 go on although their run has ended; " +
      "let agents end when their signal aborts",
  }],
];

for (const [error, expected] of cases) {
  Deno.test(`${error.name} says what happened, to people and to programs`, () => {
    assert.ok(error instanceof Error);
    const shown = Object.keys(expected).map((key) => [key, Reflect.get(error, key)]);
    assert.deepEqual(Object.fromEntries(shown), expected);
  });
}
