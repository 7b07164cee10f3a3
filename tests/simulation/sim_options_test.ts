import assert from "node:assert/strict";
import { CommanderError } from "commander";
import { parseSimOptions, simCommand } from "./sim_options.ts";

function parse(...args: string[]) {
  const command = simCommand(2).exitOverride().configureOutput({ writeErr: () => {} });
  return parseSimOptions(args, command);
}

Deno.test("parseSimOptions reads what to run, with or without a leading --", () => {
  const defaults = { schedules: 10_000, from: 1, stretch: 1, workers: 2 };
  assert.deepEqual(parse(), defaults);
  assert.deepEqual(parse("--seed=7", "--trace"), { ...defaults, seed: 7, trace: true });
  assert.deepEqual(parse("--", "--seed=7"), { ...defaults, seed: 7 });
  assert.deepEqual(parse("--seed=7", "--stretch=2"), { ...defaults, seed: 7, stretch: 2 });
  assert.deepEqual(parse("--schedule=a.json"), { ...defaults, schedule: "a.json" });
  assert.deepEqual(parse("--recovery", "--seed=7"), { ...defaults, seed: 7, recovery: true });
  assert.deepEqual(parse("--schedules=10", "--workers=3"), {
    ...defaults,
    schedules: 10,
    workers: 3,
  });
});

const REFUSED: readonly (readonly string[])[] = [
  ["--seed=abc"],
  ["--seed=-1"],
  ["--seed=1.5"],
  ["--seed=1e3"],
  ["--seed="],
  ["--seed=99999999999999999999"],
  ["--schedules=0"],
  ["--workers=0"],
  ["--workers=2000000000"],
  ["--stretch=0"],
  ["--trace"],
  ["--seed=1", "--schedule=a.json"],
  ["--seed=1", "--schedules=5"],
  ["seven"],
];

for (const args of REFUSED) {
  Deno.test(`parseSimOptions refuses ${args.join(" ")}`, () => {
    assert.throws(() => parse(...args), (error) => {
      assert.ok(error instanceof CommanderError, String(error));
      assert.notEqual(error.exitCode, 0);
      return true;
    });
  });
}
