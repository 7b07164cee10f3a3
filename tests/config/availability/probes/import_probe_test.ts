import assert from "node:assert/strict";
import { importOf, importProbe } from "../../../../config/availability/probes/import_probe.ts";
import { READ, reasonOf, testWith } from "./probe_runs.ts";

const MODULE = "data:text/javascript,export const a = 1; export const b = undefined;";

Deno.test("importProbe looks for the exports it was told", async () => {
  const cases: readonly [readonly string[], string | null][] = [
    [[], null],
    [["a", "b"], null],
    [["a", "c", "toString"], `${MODULE} does not export c, toString`],
  ];
  for (const [exports, expected] of cases) {
    assert.equal(await reasonOf(importProbe(MODULE, { exports })), expected);
  }
});

Deno.test("importProbe says why a module cannot be imported", async () => {
  const broken = "data:text/javascript,throw new RangeError('at start')";
  assert.equal(await reasonOf(importProbe(broken)), `cannot import ${broken}: at start`);
});

Deno.test("importProbe uses the loader, and the specifier as a name", async () => {
  const cases: readonly [() => Promise<unknown>, string | null][] = [
    [() => Promise.resolve({ Agent: class {} }), null],
    [() => Promise.resolve({}), "./agent.ts does not export Agent"],
    [() => Promise.resolve(null), "./agent.ts does not export Agent"],
    [() => Promise.reject(new Error("gone")), "cannot import ./agent.ts: gone"],
    [() => {
      throw new Error("gone at once");
    }, "cannot import ./agent.ts: gone at once"],
  ];
  for (const [load, expected] of cases) {
    assert.equal(await reasonOf(importProbe("./agent.ts", { load, exports: ["Agent"] })), expected);
  }
});

Deno.test("importProbe asks for the permission instead of importing", {
  permissions: "none",
}, async () => {
  const cases = [
    ["file:///x/agent.ts", "read permission not granted: --allow-read=/x/agent.ts"],
    ["https://a.org/x.ts", "import permission not granted: --allow-import=a.org:443"],
    ["jsr:@a/x", "import permission not granted: --allow-import=jsr.io:443"],
  ] as const;
  for (const [specifier, missing] of cases) {
    assert.equal(await reasonOf(importProbe(specifier)), `cannot import ${specifier}: ${missing}`);
  }
});

Deno.test("importProbe refuses what would be looked for beside its own file", () => {
  for (const specifier of ["./agent.ts", "../x.ts", "lodash", ""]) {
    assert.throws(() => importProbe(specifier), { name: "RangeError" }, specifier);
  }
});

testWith([READ], "importProbe imports a file where that is permitted", async () => {
  const file = import.meta.resolve("../../../../config/availability/parse_env_flag.ts");
  assert.equal(await reasonOf(importProbe(file, { exports: ["parseEnvFlag"] })), null);
  const missing = import.meta.resolve("./no_such_file.ts");
  assert.match(await reasonOf(importProbe(missing)) ?? "", /^cannot import .*no_such_file\.ts: /);
});

Deno.test("importOf tells what a probe imports, and nothing of other probes", () => {
  const exports = ["a"];
  const probe = importProbe(MODULE, { exports });
  exports.push("b");
  assert.deepEqual(importOf(probe), { specifier: MODULE, exports: ["a"] });
  assert.equal(importOf(() => ({ available: true })), undefined);
});
