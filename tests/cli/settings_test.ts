import assert from "node:assert/strict";
import { describeSetting, longFlag, readSettings, type Setting } from "../../cli/settings.ts";
import { parseDuration } from "../../cli/parse_duration.ts";

const LEASE: Setting<number> = {
  flags: "-l, --lease <duration>",
  env: "BATON_LEASE",
  about: "how long",
  fallback: 10_000,
  fallbackText: "10s",
  parse: parseDuration,
};

Deno.test("readSettings prefers the flag to the environment to the default", () => {
  const cases = [
    { flag: "2s", env: "3s", lease: 2_000 },
    { flag: undefined, env: "3s", lease: 3_000 },
    { flag: undefined, env: undefined, lease: 10_000 },
  ];
  for (const { flag, env, lease } of cases) {
    const sources = {
      flag: () => flag,
      env: (name: string) => name === "BATON_LEASE" ? env : undefined,
    };
    assert.deepEqual(readSettings({ lease: LEASE }, sources), { lease });
  }
});

Deno.test("readSettings says where a wrong text came from", () => {
  const cases = [
    { flag: "x", env: undefined, message: /^--lease: expected ms .* got "x"$/ },
    { flag: undefined, env: "y", message: /^BATON_LEASE: expected ms .* got "y"$/ },
  ];
  for (const { flag, env, message } of cases) {
    assert.throws(() => readSettings({ lease: LEASE }, { flag: () => flag, env: () => env }), {
      name: "CliError",
      code: "USAGE",
      exitCode: 2,
      message,
    });
  }
});

Deno.test("readSettings does not take a bug for wrong usage", () => {
  const broken: Setting<string> = {
    ...LEASE,
    fallback: "",
    parse: () => {
      throw new TypeError("bug");
    },
  };
  assert.throws(() => readSettings({ broken }, { flag: () => "x", env: () => undefined }), {
    name: "TypeError",
  });
});

Deno.test("describeSetting names default and variable", () => {
  assert.equal(describeSetting(LEASE), "how long (default: 10s, env: BATON_LEASE)");
  assert.equal(longFlag(LEASE), "--lease");
});
