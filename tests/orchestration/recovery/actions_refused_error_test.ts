import assert from "node:assert/strict";
import { ActionsRefusedError } from "../../../orchestration/recovery/actions_refused_error.ts";

Deno.test("ActionsRefusedError names each action with what it lacks", () => {
  const actions = [
    { action: "restart", reason: "run permission not granted: --allow-run=systemctl" },
    { action: "page", reason: "there is no notifier" },
  ];
  const error = new ActionsRefusedError(actions);
  assert.equal(error.name, "ActionsRefusedError");
  assert.equal(error.code, "ACTIONS_REFUSED");
  assert.deepEqual(error.actions, actions);
  assert.equal(
    error.message,
    "Cannot do actions that are declared under handlers: restart: run permission not granted: " +
      "--allow-run=systemctl; page: there is no notifier",
  );
});
