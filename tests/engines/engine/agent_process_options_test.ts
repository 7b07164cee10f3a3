import assert from "node:assert/strict";
import { checkedProcessOptions } from "../../../engines/engine/agent_process_options.ts";

Deno.test("checkedProcessOptions fills in what is not said, and copies the rest", () => {
  assert.deepEqual(checkedProcessOptions(), { memoryMaxMb: 256, env: {} });
  const env = { DENO_DIR: "/cache" };
  const said = { executable: "deno", configFile: "deno.json", memoryMaxMb: 64, env };
  const checked = checkedProcessOptions(said);
  env.DENO_DIR = "later";
  assert.deepEqual(checked, { ...said, env: { DENO_DIR: "/cache" } });
  assert.ok(Object.isFrozen(checked) && Object.isFrozen(checked.env));
});

Deno.test("checkedProcessOptions refuses what cannot be", () => {
  const cases: [name: string, options: unknown, error: object][] = [
    ["no object", 5, { name: "TypeError", message: /process must be an object/ }],
    ["no path", { executable: 5 }, { name: "TypeError", message: /process.executable/ }],
    ["an empty path", { executable: "" }, { name: "TypeError", message: /process.executable/ }],
    ["no configuration", { configFile: 5 }, { message: /process.configFile must be a path/ }],
    ["too little", { memoryMaxMb: 31 }, { name: "RangeError", message: /from 32 to .* got 31/ }],
    ["too much", { memoryMaxMb: 16_385 }, { name: "RangeError" }],
    ["part of a MiB", { memoryMaxMb: 64.5 }, { name: "RangeError" }],
    ["a text", { memoryMaxMb: "64" }, { name: "RangeError" }],
    ["no environment", { env: 5 }, { name: "TypeError", message: /process.env/ }],
    ["no texts in it", { env: { A: 1 } }, { name: "TypeError", message: /process.env/ }],
  ];
  for (const [name, options, error] of cases) {
    assert.throws(() => checkedProcessOptions(options), error, name);
  }
});
