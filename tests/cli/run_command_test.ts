import assert from "node:assert/strict";
import { OUTPUT } from "../../cli/output_setting.ts";
import { runCommand, withoutDashes } from "../../cli/run_command.ts";
import { LEASE, LOG_FORMAT, logLevel } from "../../cli/shared_settings.ts";
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

Deno.test("runCommand tells of an error as JSON when the command has that output and is asked for it", async () => {
  const body = () => Promise.resolve(0);
  const telling = { ...spec, settings: { ...spec.settings, output: OUTPUT } };
  const asked = fakeIo();
  assert.equal(await runCommand({ spec: telling, args: ["--no", "-ojson"], io: asked, body }), 2);
  assert.deepEqual(JSON.parse(asked.out()).error, {
    code: "USAGE",
    message: "unknown option '--no'",
    hint: "See --help",
  });
  assert.equal(asked.err(), "");
  const line = "baton x: unknown option '--no'. See --help\n";
  const unasked = fakeIo();
  await runCommand({ spec: telling, args: ["--no"], io: unasked, body });
  assert.deepEqual([unasked.out(), unasked.err()], ["", line]);
  const unable = fakeIo({ BATON_OUTPUT: "json" });
  await runCommand({ spec, args: ["--no"], io: unable, body });
  assert.deepEqual([unable.out(), unable.err()], ["", line]);
});

Deno.test("runCommand gives no advice to use a flag that the command does not have", async () => {
  const io = fakeIo();
  const body = () => Promise.reject(new Error("bug"));
  await runCommand({ spec: { ...spec, settings: {} }, args: [], io, body });
  assert.equal(io.err(), "baton x: bug\n");
});

Deno.test("runCommand tells of an error in a line of JSON where the log is JSON", async () => {
  const logging = { ...spec, settings: { ...spec.settings, logFormat: LOG_FORMAT } };
  const body = () => Promise.reject(new Error("bug"));
  const cases = [
    { args: ["--log-format", "json"], env: {}, code: "UNEXPECTED" },
    { args: ["--log-format=json", "--log-level", "debug"], env: {}, code: "UNEXPECTED" },
    { args: ["--no"], env: { BATON_LOG_FORMAT: "json" }, code: "USAGE" },
  ];
  for (const { args, env, code } of cases) {
    const io = fakeIo(env);
    await runCommand({ spec: logging, args, io, body });
    assert.equal(io.err().trimEnd().split("\n").length, 1);
    assert.equal(JSON.parse(io.err()).code, code);
  }
  const io = fakeIo();
  const args = ["sh", "--log-format", "json"];
  await runCommand({ spec: { ...logging, operands: ["<command...>", "it"] }, args, io, body });
  assert.match(io.err(), /^baton x: bug\./);
});

Deno.test("withoutDashes drops two dashes at the beginning alone", () => {
  assert.deepEqual(withoutDashes(["--", "--id", "a"]), ["--id", "a"]);
  assert.deepEqual(withoutDashes(["--id", "--"]), ["--id", "--"]);
});
