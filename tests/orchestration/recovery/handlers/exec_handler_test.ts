import assert from "node:assert/strict";
import { exec } from "../../../../config/schemas/recovery_handler_kinds.ts";
import {
  execHandler,
  startOrFail,
} from "../../../../orchestration/recovery/handlers/exec_handler.ts";
import { contextOf, FakeGroup, partsOf, startOf } from "./action_fixtures.ts";

Deno.test("execHandler reports the last of stdout when the program exits with 0", async () => {
  const group = new FakeGroup({ stdout: "long ago\nrestarted\n" });
  group.end(0);
  const { start, started } = startOf(group);
  const settings = exec.parse({
    argv: ["systemctl", "restart", "api"],
    cwd: "/srv",
    env: ["PATH"],
    set_env: { MODE: "x" },
    max_output: 10,
  });
  const run = execHandler(settings, partsOf({ startProcessGroup: start }));
  assert.equal(await run(contextOf()), "restarted");
  const { argv, options } = started[0]!;
  assert.deepEqual([argv, options.cwd], [["systemctl", "restart", "api"], "/srv"]);
  assert.deepEqual([options.env["PATH"], options.env["MODE"]], ["/bin", "x"]);
  assert.deepEqual([options.env["SECRET"], options.env["BATON_FENCE"]], [undefined, "7"]);
});

Deno.test("execHandler fails with the code and the last of stderr on one line", async () => {
  const group = new FakeGroup({ stderr: "no\nsuch unit\n" });
  group.end(5);
  const settings = exec.parse({ argv: ["systemctl"] });
  const run = execHandler(settings, partsOf({ startProcessGroup: startOf(group).start }));
  await assert.rejects(async () => await run(contextOf()), {
    code: "ACTION_FAILED",
    failure: { kind: "exit", exitCode: 5, stderr: "no such unit" },
  });
});

Deno.test("startOrFail says why a program does not start", () => {
  const start = startOrFail("a", () => {
    throw new Deno.errors.NotFound("no such file");
  });
  assert.throws(() => start(["systemctl"], { cwd: undefined, env: {} }), {
    code: "ACTION_FAILED",
    failure: { kind: "start", reason: "cannot run systemctl: no such file" },
  });
});
