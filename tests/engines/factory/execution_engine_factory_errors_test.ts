import assert from "node:assert/strict";
import {
  EngineLimitError,
  ExecutionEngineFactoryError,
  refuseType,
  SSOTValidationError,
  UserIsolationError,
} from "../../../engines/factory/execution_engine_factory_errors.ts";
import { DEPRECATED_ENGINES } from "../../../engines/guard/deprecated_engines.ts";

Deno.test("a factory's errors are ExecutionEngineFactoryErrors with names and codes of their own", () => {
  const cause = new Error("why");
  const cases: [error: ExecutionEngineFactoryError, name: string, code: string][] = [
    [
      new ExecutionEngineFactoryError("FACTORY_CLOSED", "closed"),
      "ExecutionEngineFactoryError",
      "FACTORY_CLOSED",
    ],
    [new EngineLimitError("ada", "user", 2), "EngineLimitError", "ENGINE_LIMIT"],
    [new UserIsolationError("ada", "r-1", "mixed up"), "UserIsolationError", "USER_ISOLATION"],
    [new SSOTValidationError("Foo", "wrong", { cause }), "SSOTValidationError", "SSOT_VALIDATION"],
  ];
  for (const [error, name, code] of cases) {
    assert.ok(error instanceof ExecutionEngineFactoryError, name);
    assert.deepEqual([error.name, error.code], [name, code]);
  }
  assert.equal(cases[3]![0].cause, cause);
});

Deno.test("refuseType says of a deprecated type that it is not supported, and what to use", () => {
  for (const name of DEPRECATED_ENGINES) {
    const { engineType, message } = refuseType(name);
    assert.equal(engineType, name);
    assert.match(message, new RegExp(`deprecated.*${name}.*not supported`));
    assert.match(message, /UserExecutionEngine.*migration|migration.*UserExecutionEngine/);
  }
});

Deno.test("refuseType says of any other type that it is not allowed", () => {
  for (const type of ["MyEngine", "userexecutionengine", "", null, undefined, 7, {}, Symbol("x")]) {
    assert.match(refuseType(type).message, /Engine type.*not allowed.*SSOT/);
  }
  assert.match(refuseType("MyEngine").message, /Engine type.*MyEngine.*not allowed.*SSOT/);
  assert.ok(refuseType("x".repeat(10_000)).message.length < 300);
});
