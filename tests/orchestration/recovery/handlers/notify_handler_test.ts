import assert from "node:assert/strict";
import { notifyHandler } from "../../../../orchestration/recovery/handlers/notify_handler.ts";
import type { RecoveryNotice } from "../../../../orchestration/recovery/notifier.ts";
import { contextOf } from "./action_fixtures.ts";

Deno.test("notifyHandler tells people, and the step's channel where it names none", async () => {
  const told: RecoveryNotice[] = [];
  const notifier = { notify: (notice: RecoveryNotice) => void told.push(notice) };
  const parts = { notifier, node: "n1", render: () => "it is down" };
  const params = { channel: "emergency", priority: 1 };
  assert.equal(
    await notifyHandler({ channel: null, priority: null }, parts)(contextOf({ params })),
    "it is down",
  );
  await notifyHandler({ channel: "ops", priority: "high" }, parts)(contextOf({ params }));
  assert.deepEqual(told[0], {
    kind: "alert",
    timestamp: "2026-01-01T00:00:00.000Z",
    text: "it is down",
    action: "restart_api",
    cause: "api_fault",
    node: "n1",
    channel: "emergency",
    priority: null,
    details: { execution_id: "run-1", severity: 0.9 },
  });
  assert.deepEqual([told[1]?.channel, told[1]?.priority], ["ops", "high"]);
});

Deno.test("notifyHandler fails when telling fails", async () => {
  const notifier = { notify: () => Promise.reject(new Error("nobody there")) };
  const run = notifyHandler({ channel: null, priority: null }, {
    notifier,
    node: "n1",
    render: () => "",
  });
  await assert.rejects(async () => await run(contextOf()), /nobody there/);
});
