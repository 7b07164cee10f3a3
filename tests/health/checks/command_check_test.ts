import assert from "node:assert/strict";
import { commandCheck } from "../../../health/checks/command_check.ts";
import { turnEventLoop } from "../../../testing/sim_time.ts";
import { RUN, testWith } from "../../config/availability/probes/probe_runs.ts";
import { lookWith, shortLook } from "./check_runs.ts";

Deno.test("commandCheck is unknown without its permission", { permissions: "none" }, async () => {
  assert.deepEqual(await shortLook(commandCheck("docker")), [
    "UNKNOWN",
    "run permission not granted: --allow-run=docker, with docker installed",
  ]);
});

testWith([RUN], "commandCheck judges exit code and output", async () => {
  const sh = (script: string, needsOutput = false) =>
    shortLook(commandCheck("sh", { args: ["-c", script], needsOutput }));
  assert.deepEqual(await sh("exit 0"), ["HEALTHY", undefined]);
  assert.deepEqual(await sh("echo >&2 gone; exit 2"), [
    "FAILED",
    "sh -c echo >&2 gone; exit 2 exited with 2: gone",
  ]);
  assert.equal((await sh("exit 0", true))[0], "FAILED");
});

testWith([RUN], "commandCheck leaves nothing behind that its command started", async () => {
  const marked = "sleep 4711.0815";
  const ending = new AbortController();
  const args = ["-c", `${marked} & wait`];
  const look = lookWith(commandCheck("sh", { args }), ending.signal);
  while (await countOf(marked) === 0) await turnEventLoop();
  ending.abort();
  assert.equal((await look).status, "FAILED");
  while (await countOf(marked) > 0) await turnEventLoop();
});

/** @returns How many processes have these arguments. */
async function countOf(args: string): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "args"] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line === args).length;
}
