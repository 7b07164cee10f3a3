import assert from "node:assert/strict";
import { ExitCode } from "../../cli/exit_codes.ts";

Deno.test("ExitCode keeps the codes that scripts rely on", () => {
  assert.deepEqual({ ...ExitCode }, {
    OK: 0,
    FAILED: 1,
    USAGE: 2,
    STORE: 3,
    KV_MISSING: 69,
    TRY_AGAIN: 75,
    TIMED_OUT: 124,
    NOT_EXECUTABLE: 126,
    NOT_FOUND: 127,
    HUNG_UP: 129,
    INTERRUPTED: 130,
    TERMINATED: 143,
  });
});
