import assert from "node:assert/strict";
import { fromFileUrl } from "../../support/paths.ts";

const granted = Deno.permissions.querySync({ name: "run" }).state === "granted";
const need = granted ? "" : " [needs --allow-run]";
const ROOT = fromFileUrl(new URL("../../..", import.meta.url));

function runProgram(flags: readonly string[]): Promise<Deno.CommandOutput> {
  return new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      "--quiet",
      ...flags,
      `--allow-read=${ROOT}`,
      `--config=${ROOT}deno.json`,
      fromFileUrl(new URL("./worker_program.ts", import.meta.url)),
    ],
    env: { NO_COLOR: "1" },
    signal: AbortSignal.timeout(60_000),
  }).output();
}

Deno.test(
  `openAgentWorker opens a thread without permissions, beside which the program goes on${need}`,
  {
    ignore: !granted,
  },
  async () => {
    const { code, stdout, stderr } = await runProgram(["--unstable-worker-options"]);
    assert.equal(code, 0, new TextDecoder().decode(stderr));
    const { results, thoughts, loop, dead } = JSON.parse(
      new TextDecoder().decode(stdout),
    );
    const well = (result: unknown) => ({ status: "completed", result, error: null });
    assert.deepEqual(
      results.default,
      well({ userId: "demo", input: { a: 1 }, isFrozen: true }),
    );
    const denied = "NotCapable";
    assert.deepEqual(results.reach, well({ env: denied, read: denied, run: denied, net: denied }));
    assert.deepEqual(results.call, well({ sum: 3, refusal: ["ToolError", "unknown_tool"] }));
    const failures = {
      fail: /^Agent execution failed: too much$/,
      crash: /it broke: .*boom/,
      nobody: /exports no such agent/,
      missing: /it broke: .*no_such_file/,
    };
    for (const [name, message] of Object.entries(failures)) {
      assert.equal(results[name].status, "failed", name);
      assert.match(results[name].error, message, name);
    }
    assert.ok(thoughts.includes("Looking"));
    assert.equal(loop, "timed_out");
    assert.equal(dead, 0);
  },
);

Deno.test(`openAgentWorker ends the process where Deno lacks the flag${need}`, {
  ignore: !granted,
}, async () => {
  // A limit of Deno, and why engines want to be told that workers are allowed.
  const { code, stderr } = await runProgram([]);
  assert.notEqual(code, 0);
  assert.match(new TextDecoder().decode(stderr), /--unstable-worker-options/);
});
