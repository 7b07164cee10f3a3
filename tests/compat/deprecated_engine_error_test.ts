import assert from "node:assert/strict";
import { DeprecatedEngineError } from "../../compat/deprecated_engine_error.ts";

Deno.test("DeprecatedEngineError names what was asked for, what to use, and how to get there", () => {
  const error = new DeprecatedEngineError("CoreExecutionEngine");
  assert.equal(error.name, "DeprecatedEngineError");
  assert.equal(error.code, "DEPRECATED_ENGINE");
  assert.equal(error.engine, "CoreExecutionEngine");
  assert.equal(error.replacement, "UserExecutionEngine");
  assert.match(error.message, /deprecated.*CoreExecutionEngine.*not supported/);
  assert.match(error.message, /use UserExecutionEngine.*migration.*createForUser/);
});
