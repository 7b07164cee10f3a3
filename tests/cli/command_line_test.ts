import assert from "node:assert/strict";
import { type CommandSpec, readCommandLine } from "../../cli/command_line.ts";
import { NODE_SETTINGS } from "../../cli/node_settings.ts";
import { LEASE } from "../../cli/shared_settings.ts";

const NODE: CommandSpec<typeof NODE_SETTINGS> = {
  name: "baton node",
  purpose: "Runs a node.",
  examples: ["deno task node", "deno task node --lease 2s"],
  notes: "Exit codes: 0.",
  settings: NODE_SETTINGS,
};
const RUN: CommandSpec<{ readonly lease: typeof LEASE }> = {
  name: "baton run",
  purpose: "Runs something.",
  examples: ["deno task run -- x"],
  settings: { lease: LEASE },
  operands: ["<command...>", "what to run"],
};
const options = { env: () => undefined, widthColumns: 80 };

Deno.test("readCommandLine reads flags, repeated ones and switches", () => {
  const args = ["--lease", "2s", "--label", "a=b", "--label=c=d", "--wait"];
  const line = readCommandLine(NODE, args, options);
  assert.ok(line.kind === "run");
  assert.equal(line.values.leaseMs, 2_000);
  assert.deepEqual(line.values.labels, { a: "b", c: "d" });
  assert.equal(line.values.wait, true);
  assert.equal(line.values.cluster, "default");
});

Deno.test("readCommandLine takes the environment where there is no flag", () => {
  const env: Readonly<Record<string, string>> = { BATON_CLUSTER: "env", BATON_WAIT: "1" };
  const line = readCommandLine(NODE, ["--cluster", "flag"], { ...options, env: (n) => env[n] });
  assert.ok(line.kind === "run");
  assert.deepEqual([line.values.cluster, line.values.wait], ["flag", true]);
});

Deno.test("readCommandLine leaves everything from the first operand on alone", () => {
  const cases = [
    { args: ["--lease", "1s", "--", "cmd", "-x", "--lease"], operands: ["cmd", "-x", "--lease"] },
    { args: ["--lease", "1s", "cmd", "--lease", "9s"], operands: ["cmd", "--lease", "9s"] },
    { args: ["--lease=1s", "cmd", "--", "x"], operands: ["cmd", "--", "x"] },
  ];
  for (const { args, operands } of cases) {
    const line = readCommandLine(RUN, args, options);
    assert.ok(line.kind === "run");
    assert.deepEqual(line.operands, operands);
    assert.equal(line.values.lease, 1_000);
  }
});

Deno.test("readCommandLine shows usage, purpose, examples and each flag with default and variable", () => {
  for (const flag of ["--help", "-h"]) {
    const line = readCommandLine(NODE, [flag], options);
    assert.ok(line.kind === "help");
    assert.match(line.text, /^Usage: baton node \[options\]\n\nRuns a node\.\n\nExamples:\n/);
    assert.match(line.text, / {2}deno task node --lease 2s\n/);
    assert.match(
      line.text.replace(/\s+/g, " "),
      /--lease <duration> .*\(default: 10s, env: BATON_LEASE\)/,
    );
    assert.match(line.text, /\nExit codes: 0\.\n$/);
    for (const row of line.text.split("\n")) assert.ok(row.length <= 80, row);
  }
});

Deno.test("readCommandLine refuses wrong usage and suggests what was meant", () => {
  const cases = [
    { args: ["--laese", "2s"], message: "unknown option '--laese' (Did you mean --lease?)" },
    { args: ["--lease"], message: "option '--lease <duration>' argument missing" },
    { args: ["extra"], message: /too many arguments/ },
    { args: ["--lease", "soon"], message: /^--lease: expected ms/ },
  ];
  for (const { args, message } of cases) {
    assert.throws(() => readCommandLine(NODE, args, options), {
      name: "CliError",
      code: "USAGE",
      exitCode: 2,
      hint: "See --help",
      message,
    });
  }
  assert.throws(() => readCommandLine(RUN, [], options), {
    code: "USAGE",
    message: "missing required argument 'command'",
  });
});

Deno.test("readCommandLine takes options behind operands where the command says so", () => {
  const args = ["a", "--lease", "9s", "b"];
  const line = readCommandLine({ ...RUN, optionsAnywhere: true }, args, options);
  assert.ok(line.kind === "run");
  assert.deepEqual(line.operands, ["a", "b"]);
  assert.equal(line.values.lease, 9_000);
});
