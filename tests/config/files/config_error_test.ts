import assert from "node:assert/strict";
import { ConfigError } from "../../../config/files/config_error.ts";

Deno.test("ConfigError tells every fault on a line, and keeps them from being changed", () => {
  const fault = {
    file: "a.yaml",
    line: 1,
    column: 2,
    path: "x",
    severity: "error",
    message: "bad",
    got: "1",
    expected: "2",
  } as const;
  const cause = new Error("underneath");
  const error = new ConfigError("CONFIG_INVALID", [fault, { ...fault, line: 2 }], { cause });
  assert.equal(
    error.message,
    "a.yaml:1:2 x: bad (got 1, expected 2)\na.yaml:2:2 x: bad (got 1, expected 2)",
  );
  assert.equal(error.code, "CONFIG_INVALID");
  assert.equal(error.file, "a.yaml");
  assert.equal(error.cause, cause);
  assert.ok(Object.isFrozen(error.faults) && error.faults.every(Object.isFrozen));
});
