import assert from "node:assert/strict";
import { CliError } from "../../cli/cli_error.ts";
import { exitCodeOf } from "../../cli/exit_code_of.ts";
import { StoppedError } from "../../cli/stop_signals.ts";
import {
  CorruptRecordError,
  DuplicateInstanceError,
  LeadershipLostError,
  StoreUnavailableError,
} from "../../coordination/errors.ts";

Deno.test("exitCodeOf follows the table", () => {
  const cases = [
    [new CliError("x", { code: "X", exitCode: 69, hint: "y" }), 69],
    [new DuplicateInstanceError("a", "default"), 2],
    [new StoreUnavailableError("read", new Error("x")), 3],
    [new CorruptRecordError(["a"], "x"), 3],
    [new LeadershipLostError("lock", 1, { kind: "resigned" }), 1],
    [new StoppedError("SIGHUP"), 129],
    [new StoppedError("SIGINT"), 130],
    [new StoppedError("SIGTERM"), 143],
    [new TypeError("bug"), 1],
    ["text", 1],
  ] as const;
  for (const [error, code] of cases) assert.equal(exitCodeOf(error), code, String(error));
});
