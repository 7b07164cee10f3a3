import assert from "node:assert/strict";
import { runCommand } from "../../cli/run_command.ts";
import { LEASE, logLevel } from "../../cli/shared_settings.ts";
import { fakeIo } from "./fake_io.ts";

const spec = {
  name: "baton x",
  purpose: "Does x.",
  examples: ["x"],
  settings: { lease: LEASE, logLevel: logLevel("info") },
} as const;

Deno.test("runCommand gives the code of the body", async () => {
  const io = fakeIo({ BATON_LEASE: "3s" });
  const code = await runCommand({
    spec,
    args: [],
    io,
    body: (values) => Promise.resolve(values.lease / 1_000),
  });
  assert.deepEqual([code, io.out(), io.err()], [3, "", ""]);
});

Deno.test("runCommand writes help to stdout and usage errors to stderr", async () => {
  const body = () => Promise.reject(new Error("must not run"));
  const help = fakeIo();
  assert.equal(await runCommand({ spec, args: ["--help"], io: help, body }), 0);
  assert.match(help.out(), /^Usage: baton x/);
  assert.equal(help.err(), "");
  const wrong = fakeIo();
  assert.equal(await runCommand({ spec, args: ["--no"], io: wrong, body }), 2);
  assert.equal(wrong.err(), "baton x: unknown option '--no'. See --help\n");
  assert.equal(wrong.out(), "");
});

Deno.test("runCommand tells of an error in a line, and of its stack only on demand", async () => {
  const body = () => Promise.reject(new Error("bug", { cause: new TypeError("deep") }));
  const quiet = fakeIo();
  assert.equal(await runCommand({ spec, args: [], io: quiet, body }), 1);
  assert.equal(
    quiet.err(),
    "baton x: bug. Run it again with --log-level debug for the details\n",
  );
  const verbose = fakeIo();
  await runCommand({ spec, args: ["--log-level", "debug"], io: verbose, body });
  assert.match(verbose.err(), /\nError: bug\n +at [^]*\nCaused by: TypeError: deep\n/);
});

Deno.test("runCommand hands errors to a reporter of the command's own", async () => {
  const io = fakeIo();
  const reported: unknown[] = [];
  const report = (each: unknown) => void reported.push(each);
  await runCommand({ spec, args: ["--no"], io, body: () => Promise.resolve(0), report });
  assert.deepEqual(reported, [{
    code: "USAGE",
    message: "unknown option '--no'",
    hint: "See --help",
  }]);
  assert.equal(io.err(), "");
});
