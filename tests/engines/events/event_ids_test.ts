import assert from "node:assert/strict";
import { checkEventIds } from "../../../engines/events/event_ids.ts";
import { InvalidUserEventError } from "../../../engines/events/user_event_errors.ts";

const ids = { userId: "u-1", threadId: "t-1", runId: "r-1" };

Deno.test("checkEventIds refuses ids that are missing, blank or made up, whichever it is", () => {
  const cases: [name: string, id: unknown, fault: string][] = [
    ["null", null, "must be a text, got null"],
    ["undefined", undefined, "must be a text, got undefined"],
    ["a number", 7, "must be a text, got number"],
    ["an object that shows as text", { toString: () => "r-1" }, "must be a text, got object"],
    ["empty", "", "is blank"],
    ["blank", " \t\n", "is blank"],
    ["the registry", "registry", 'is "registry", which stands for no id'],
    ["the registry, in disguise", " Registry ", 'is "Registry", which stands for no id'],
    ["the text null", "null", 'is "null", which stands for no id'],
    ["the text undefined", "undefined", 'is "undefined", which stands for no id'],
    ["none of another language", "None", 'is "None", which stands for no id'],
    ["too long", "r".repeat(257), "is longer than 256 characters"],
  ];
  for (const field of ["userId", "threadId", "runId"] as const) {
    for (const [name, id, fault] of cases) {
      assert.throws(
        () => checkEventIds({ ...ids, [field]: id }),
        (error) =>
          error instanceof InvalidUserEventError && error.field === field && error.fault === fault,
        `${field}: ${name}`,
      );
    }
  }
});

Deno.test("checkEventIds takes ids that only contain such a word, or are as long as allowed", () => {
  for (const runId of ["registry-7", "nullable", "r".repeat(256)]) {
    checkEventIds({ ...ids, runId });
  }
});
