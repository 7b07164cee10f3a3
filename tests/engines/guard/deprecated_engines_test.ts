import assert from "node:assert/strict";
import {
  DEPRECATED_ENGINES,
  ENGINE_MIGRATION,
  isDeprecatedEngine,
} from "../../../engines/guard/deprecated_engines.ts";

Deno.test("DEPRECATED_ENGINES are the seven names of before", () => {
  assert.deepEqual(DEPRECATED_ENGINES, [
    "ExecutionEngine",
    "ExecutionEngineConsolidated",
    "ConsolidatedExecutionEngine",
    "SupervisorExecutionEngine",
    "CoreExecutionEngine",
    "ToolRegistryExecutionEngine",
    "RequestScopedExecutionEngine",
  ]);
});

Deno.test("isDeprecatedEngine recognises these names alone, spelled exactly so", () => {
  for (const name of DEPRECATED_ENGINES) assert.equal(isDeprecatedEngine(name), true, name);
  const others = [
    "UserExecutionEngine",
    "executionengine",
    " ExecutionEngine",
    "",
    null,
    undefined,
    7,
    {},
  ];
  for (const other of others) assert.equal(isDeprecatedEngine(other), false, String(other));
});

Deno.test("ENGINE_MIGRATION names the class, the entry point and both files", () => {
  assert.match(ENGINE_MIGRATION, /migration/);
  assert.match(ENGINE_MIGRATION, /UserExecutionEngine/);
  assert.match(ENGINE_MIGRATION, /@baton\/orchestration\/engines/);
  assert.match(ENGINE_MIGRATION, /user_execution_engine\.ts/);
  assert.match(ENGINE_MIGRATION, /user_execution_engine\.py/);
});
