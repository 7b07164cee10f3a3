import assert from "node:assert/strict";
import { SlackError } from "../../../orchestration/recovery/slack_error.ts";

Deno.test("SlackError carries what went wrong, and no cause", () => {
  const fields = {
    kind: "refused",
    host: "hooks.slack.com:443",
    status: 500,
    reason: "no",
  } as const;
  const error = new SlackError(fields);
  assert.equal(error.message, "Cannot tell Slack at hooks.slack.com:443: no");
  assert.deepEqual([error.name, error.code, error.cause], ["SlackError", "SLACK_ERROR", undefined]);
  assert.deepEqual({ ...error }, { ...fields, name: error.name, code: error.code });
});
