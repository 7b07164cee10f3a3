import assert from "node:assert/strict";
import { startCommandGroup } from "../../cli/command_group.ts";

const granted = Deno.permissions.querySync({ name: "run" }).state === "granted";
const need = granted ? "" : " [needs --allow-run]";

Deno.test("startCommandGroup says which permission it lacks", { permissions: "none" }, () => {
  assert.throws(() => startCommandGroup(["true"], {}), {
    code: "PERMISSION_MISSING",
    exitCode: 2,
    hint: "Add --allow-run before the script name",
  });
});

Deno.test(`startCommandGroup keeps the command's code${need}`, { ignore: !granted }, async () => {
  const cases = [["exit 7", 7], ["kill -s TERM $$", 143], ["test $BATON_X = y", 0]] as const;
  for (const [script, code] of cases) {
    const group = startCommandGroup(["sh", "-c", script], { BATON_X: "y" });
    assert.equal(await group.ended, code, script);
    assert.equal(group.signal(0), false);
  }
});

Deno.test(`startCommandGroup signals everything the command started${need}`, {
  ignore: !granted,
}, async () => {
  const group = startCommandGroup(["sh", "-c", "sleep 60 & sleep 60"], {});
  assert.equal(group.signal(0), true);
  assert.equal(group.signal("SIGKILL"), true);
  assert.equal(await group.ended, 137);
});

Deno.test(`startCommandGroup tells a missing program from one that cannot run${need}`, {
  ignore: !granted,
}, () => {
  assert.throws(() => startCommandGroup(["baton-no-such-program"], {}), {
    code: "COMMAND_NOT_FOUND",
    exitCode: 127,
  });
  assert.throws(() => startCommandGroup(["/"], {}), {
    code: "COMMAND_NOT_EXECUTABLE",
    exitCode: 126,
  });
});
