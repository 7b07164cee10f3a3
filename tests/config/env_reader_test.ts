import assert from "node:assert/strict";
import { RUN, testWith } from "./availability/probes/probe_runs.ts";
import { type EnvReading, fixedEnv, systemEnv } from "../../config/env_reader.ts";

const NAME = "ORCHESTRATION_ENV_READER_TEST";

Deno.test("fixedEnv reads what it was given, and nothing else", () => {
  const variables: Record<string, string | undefined> = { A: "x", B: "", C: undefined };
  const env = fixedEnv(variables);
  variables["A"] = "changed";
  const cases: readonly [string, EnvReading][] = [
    ["A", { kind: "set", value: "x" }],
    ["B", { kind: "set", value: "" }],
    ["C", { kind: "unset" }],
    ["D", { kind: "unset" }],
    ["toString", { kind: "unset" }],
    ["__proto__", { kind: "unset" }],
    ["", { kind: "unset" }],
  ];
  for (const [name, expected] of cases) assert.deepEqual(env.read(name), expected, name);
});

Deno.test("systemEnv follows the environment at every call", () => {
  Deno.env.delete(NAME);
  assert.deepEqual(systemEnv.read(NAME), { kind: "unset" });
  Deno.env.set(NAME, "");
  assert.deepEqual(systemEnv.read(NAME), { kind: "set", value: "" });
  Deno.env.set(NAME, " yes ");
  assert.deepEqual(systemEnv.read(NAME), { kind: "set", value: " yes " });
  Deno.env.delete(NAME);
  assert.deepEqual(systemEnv.read(NAME), { kind: "unset" });
});

Deno.test("systemEnv answers unset for names that no variable can have", () => {
  for (const name of ["", "A=B", "A\0B", "="]) {
    assert.deepEqual(systemEnv.read(name), { kind: "unset" }, JSON.stringify(name));
  }
});

Deno.test("systemEnv answers denied without the permission", { permissions: "none" }, () => {
  // Reading without the permission prompts on a terminal, so it must not even be tried.
  const get = Deno.env.get;
  let reads = 0;
  Deno.env.get = () => `${reads++}`;
  try {
    for (const name of [NAME, "PATH", "ä", "x".repeat(10_000)]) {
      assert.deepEqual(systemEnv.read(name), { kind: "denied" });
    }
  } finally {
    Deno.env.get = get;
  }
  assert.equal(reads, 0);
});

Deno.test("systemEnv takes a value that is no text for one that means nothing, not for none", () => {
  const get = Deno.env.get;
  const cases: readonly [Error, EnvReading][] = [
    [new Deno.errors.InvalidData("not valid unicode"), { kind: "set", value: "\ufffd" }],
    [new TypeError("whatever"), { kind: "set", value: "\ufffd" }],
    [new Deno.errors.NotCapable("revoked meanwhile"), { kind: "denied" }],
  ];
  try {
    for (const [error, expected] of cases) {
      Deno.env.get = () => {
        throw error;
      };
      assert.deepEqual(systemEnv.read(NAME), expected, error.message);
    }
  } finally {
    Deno.env.get = get;
  }
});

testWith(
  [RUN],
  "systemEnv reads what a process was really given, bytes that are no text included",
  async () => {
    const module = import.meta.resolve("../../config/env_reader.ts");
    const code = `import { systemEnv } from "${module}";
    console.log(JSON.stringify(systemEnv.read("${NAME}")));`;
    const start = `export ${NAME}=$(printf 'on\\377'); exec "$0" eval --no-check "$1"`;
    const { stdout } = await new Deno.Command("sh", { args: ["-c", start, Deno.execPath(), code] })
      .output();
    const reading = JSON.parse(new TextDecoder().decode(stdout));
    assert.deepEqual(reading, { kind: "set", value: "\ufffd" });
  },
);

Deno.test("systemEnv reads one variable when only that one is permitted", {
  permissions: { env: [NAME] },
}, () => {
  assert.equal(systemEnv.read(NAME).kind, "unset");
  assert.equal(systemEnv.read("ORCHESTRATION_DEBUG").kind, "denied");
});
