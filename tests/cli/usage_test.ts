import assert from "node:assert/strict";
import { usage, usageError } from "../../cli/usage.ts";

function failing(error: Error): () => never {
  return () => {
    throw error;
  };
}

Deno.test("usage turns what the library refuses into wrong usage, and nothing else", () => {
  assert.equal(usage(() => 1), 1);
  for (const error of [new RangeError("leaseMs"), new TypeError("leaseMs")]) {
    assert.throws(() => usage(failing(error)), {
      name: "CliError",
      code: "USAGE",
      exitCode: 2,
      message: "leaseMs",
    });
  }
  assert.throws(() => usage(failing(new Error("bug"))), { name: "Error", message: "bug" });
});

Deno.test("usageError exits with 2 and points to the help unless it is told better", () => {
  const { code, exitCode, hint } = usageError("no");
  assert.deepEqual([code, exitCode, hint], ["USAGE", 2, "See --help"]);
  const cause = new Error("why");
  const told = usageError("no", { hint: "Do x", cause });
  assert.deepEqual([told.hint, told.cause], ["Do x", cause]);
});
