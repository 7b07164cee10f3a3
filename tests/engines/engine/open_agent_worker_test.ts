import assert from "node:assert/strict";
import { openAgentWorker } from "../../../engines/engine/open_agent_worker.ts";
import { fromFileUrl } from "../../support/paths.ts";
import { moduleOf } from "./engines.ts";

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

Deno.test("openAgentWorker passes on what is heard, and a broken worker does not end this process", () => {
  const { Worker: original } = globalThis;
  const opened: Worker[] = [];
  class SilentWorker extends EventTarget {
    onmessage = null;
    onmessageerror = null;
    onerror = null;
    constructor() {
      super();
      opened.push(this as unknown as Worker);
    }
  }
  const heard: unknown[] = [];
  const listener = {
    said: (data: unknown) => void heard.push(data),
    failed: (why: string) => void heard.push(why),
  };
  globalThis.Worker = SilentWorker as unknown as typeof Worker;
  try {
    openAgentWorker(moduleOf(), listener);
  } finally {
    globalThis.Worker = original;
  }
  const worker = opened[0]!;
  worker.onmessage?.(new MessageEvent("message", { data: 5 }));
  worker.onmessageerror?.(new MessageEvent("messageerror"));
  const broken = new ErrorEvent("error", { message: "boom", cancelable: true });
  worker.onerror?.(broken);
  assert.deepEqual(heard, [5, "it said what cannot be read", "it broke: boom"]);
  assert.equal(broken.defaultPrevented, true);
});

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
