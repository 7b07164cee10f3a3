import assert from "node:assert/strict";
import { startProcessGroup } from "../../../../orchestration/recovery/handlers/process_group.ts";
import { runGroup } from "../../../../orchestration/recovery/handlers/run_group.ts";
import { systemClock } from "../../../../clock.ts";
import { RUN, testWith } from "../../../config/availability/probes/probe_runs.ts";

function sh(script: string, given: { signal?: AbortSignal; graceMs?: number } = {}) {
  return runGroup({
    argv: ["/bin/sh", "-c", script],
    cwd: "/",
    env: { ONLY: "this" },
    graceMs: given.graceMs ?? 2_000,
    maxOutput: 1_000,
    signal: given.signal ?? new AbortController().signal,
    clock: systemClock,
    start: startProcessGroup,
  });
}

testWith(
  [RUN],
  "startProcessGroup gives code, output, folder and nothing but its environment",
  async () => {
    const { code, stdout, stderr } = await sh("pwd; echo $ONLY$HOME; echo no >&2; exit 3");
    assert.deepEqual([code, stdout, stderr], [3, "/\nthis\n", "no\n"]);
  },
);

testWith([RUN], "startProcessGroup ends what a program left in the background", async () => {
  const { stdout } = await sh("sleep 60 >/dev/null 2>&1 & echo $!");
  const pid = Number(stdout);
  assert.ok(pid > 1);
  const { code } = await sh(
    `kill -0 ${pid} 2>/dev/null && ! grep -q '^State:.Z' /proc/${pid}/status`,
  );
  assert.notEqual(code, 0, "it should be gone");
});

testWith(
  [RUN],
  "startProcessGroup kills a stubborn program and its children on abort",
  async () => {
    const stop = new AbortController();
    const group = startProcessGroup([
      "/bin/sh",
      "-c",
      "trap '' TERM; echo up; sleep 60 & wait; wait",
    ], {
      cwd: undefined,
      env: {},
    });
    const [ready, rest] = group.stdout.tee();
    const reader = ready.getReader();
    const result = runGroup({
      argv: [],
      cwd: null,
      env: {},
      graceMs: 50,
      maxOutput: 100,
      signal: stop.signal,
      clock: systemClock,
      start: () => ({ ...group, stdout: rest }),
    });
    await reader.read();
    stop.abort(new Error("called off"));
    await assert.rejects(result, /called off/);
    assert.equal((await group.ended).code, 137);
    await reader.cancel();
  },
);

const granted = Deno.permissions.querySync(RUN).state === "granted";
const need = granted ? "" : " (needs --allow-run)";

Deno.test(`startProcessGroup needs the permission for its program and for kill alone${need}`, {
  ignore: !granted,
  permissions: { run: ["/bin/sh", "kill"] },
}, async () => {
  assert.notEqual(Deno.permissions.querySync({ name: "run" }).state, "granted");
  const { code, stdout } = await sh("sleep 60 >/dev/null 2>&1 & echo hello");
  assert.deepEqual([code, stdout], [0, "hello\n"]);
  const stop = new AbortController();
  const ended = assert.rejects(sh("sleep 60 & wait", { signal: stop.signal }), /called off/);
  stop.abort(new Error("called off"));
  await ended;
});
