import assert from "node:assert/strict";
import {
  commandProbe,
  type CommandProbeOptions,
} from "../../../../config/availability/probes/command_probe.ts";
import { turnEventLoop } from "../../../../testing/sim_time.ts";
import { reasonOf, RUN, testWith } from "./probe_runs.ts";

const sh = (script: string, options: CommandProbeOptions = {}) =>
  commandProbe("sh", { ...options, args: ["-c", script] });

Deno.test("commandProbe names the permission for its command", {
  permissions: "none",
}, async () => {
  assert.equal(
    await reasonOf(commandProbe("docker", { args: ["version"] })),
    "run permission not granted: --allow-run=docker, with docker installed",
  );
});

testWith([RUN], "commandProbe judges exit code and output", async () => {
  const cases: readonly [string, CommandProbeOptions, string | null][] = [
    ["exit 0", {}, null],
    ["exit 0", { needsOutput: true }, "sh -c exit 0 wrote nothing"],
    ["echo 27.1", { needsOutput: true }, null],
    ["exit 3", {}, "sh -c exit 3 exited with 3"],
    [
      "echo >&2 'no daemon'; exit 1",
      {},
      "sh -c echo >&2 'no daemon'; exit 1 exited with 1: no daemon",
    ],
    ["cat", {}, null],
  ];
  for (const [script, options, expected] of cases) {
    assert.equal(await reasonOf(sh(script, options)), expected, script);
  }
  assert.match(
    await reasonOf(commandProbe("/no/such/command")) ?? "",
    /^cannot run \/no\/such\/command: /,
  );
});

testWith(
  [RUN],
  "commandProbe reads output without end of lines, and keeps little of it",
  async () => {
    const reason = await reasonOf(
      sh("head -c 3000000 /dev/zero | tr '\\0' x | tee /dev/stderr; exit 1"),
    );
    assert.ok(reason !== null && reason.length < 5_000);
  },
);

testWith([RUN], "commandProbe kills a command that ignores signals, on abort", async () => {
  const ending = new AbortController();
  const ended = reasonOf(sh("trap '' TERM; while :; do sleep 1; done"), ending.signal);
  for (let turn = 0; turn < 10; turn++) await turnEventLoop();
  ending.abort();
  assert.match(await ended ?? "", /exited with 137$/);
});

testWith([RUN], "commandProbe waits for no grandchild after abort", async () => {
  const ending = new AbortController();
  const ended = reasonOf(sh("sleep 5 & exit 1"), ending.signal);
  for (let turn = 0; turn < 10; turn++) await turnEventLoop();
  ending.abort();
  assert.match(await ended ?? "", /exited with (?:1|137)$/);
});

testWith([RUN], "commandProbe starts nothing once its signal has aborted", async () => {
  const reason = await reasonOf(sh("exit 0"), AbortSignal.abort(new Error("enough")));
  assert.equal(reason, "cannot run sh: enough");
});
