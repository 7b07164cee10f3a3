import assert from "node:assert/strict";
import { ENGINE_MIGRATION } from "../../../engines/guard/deprecated_engines.ts";
import { type EngineFault, EngineGuardError } from "../../../engines/guard/engine_guard_error.ts";

type Row = [kind: EngineFault, found: string, refused: string, changed: string];

const rows: readonly Row[] = [
  [
    "missing",
    "null",
    "Only UserExecutionEngine is allowed (SSOT), got null",
    "Runtime SSOT validation failed: foreign or deprecated engine detected, got null",
  ],
  [
    "foreign",
    "a proxy",
    "Only UserExecutionEngine is allowed (SSOT), got a proxy",
    "Runtime SSOT validation failed: foreign or deprecated engine detected, got a proxy",
  ],
  [
    "deprecated",
    "CoreExecutionEngine",
    "The deprecated engine CoreExecutionEngine is not allowed: it does not keep users apart",
    "Runtime SSOT validation failed: deprecated engine detected, CoreExecutionEngine is not allowed",
  ],
  [
    "incomplete",
    "executeAgent (execute_agent)",
    "What calls itself UserExecutionEngine is missing required methods: executeAgent (execute_agent)",
    "Runtime SSOT validation failed: foreign or deprecated engine detected, " +
    "without executeAgent (execute_agent)",
  ],
  [
    "swapped",
    "user_engine_2",
    "Only UserExecutionEngine is allowed (SSOT), and not another than before: got user_engine_2",
    "Runtime SSOT validation failed: another engine detected, got user_engine_2",
  ],
  [
    "context_mismatch",
    "user, run",
    "Only UserExecutionEngine is allowed (SSOT), and of the same run " +
    "(context mismatch: another user, run)",
    "Runtime validation failed: context mismatch, another user, run",
  ],
];

Deno.test("EngineGuardError says what was found, when, and what to use instead", () => {
  for (const [kind, found, refused, changed] of rows) {
    const cases = [["ENGINE_REFUSED", refused], ["ENGINE_CHANGED", changed]] as const;
    for (const [code, problem] of cases) {
      const error = new EngineGuardError(code, kind, found);
      assert.equal(error.name, "EngineGuardError");
      assert.deepEqual([error.code, error.kind, error.found], [code, kind, found]);
      assert.equal(error.message, `${problem}. ${ENGINE_MIGRATION}`);
    }
  }
});
