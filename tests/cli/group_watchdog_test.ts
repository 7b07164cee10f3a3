import assert from "node:assert/strict";
import { startCommandGroup } from "../../cli/command_group.ts";
import { startGroupWatchdog } from "../../cli/group_watchdog.ts";

const granted = Deno.permissions.querySync({ name: "run" }).state === "granted";
const need = granted ? "" : " [needs --allow-run]";

Deno.test(`startGroupWatchdog leaves a group alone once released${need}`, {
  ignore: !granted,
}, async () => {
  const watchdog = startGroupWatchdog(10);
  const group = startCommandGroup(["sleep", "60"], {});
  await watchdog.guard(group.pid);
  await watchdog.release();
  assert.equal(group.signal(0), true);
  group.signal("SIGKILL");
  assert.equal(await group.ended, 137);
});

Deno.test(`startGroupWatchdog can be released before there is a group${need}`, {
  ignore: !granted,
}, async () => {
  await startGroupWatchdog(10).release();
});
