import assert from "node:assert/strict";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import { DURABLE_RUNS_OPTIONS } from "../../../engines/durable/durable_runs_options.ts";
import { MemoryRunStore } from "../../../engines/durable/memory_run_store.ts";

Deno.test("DURABLE_RUNS_OPTIONS are those that DurableRuns takes", () => {
  const store = new MemoryRunStore();
  for (const name of Object.keys(DURABLE_RUNS_OPTIONS)) {
    new DurableRuns({ [name]: undefined, store });
  }
  assert.throws(() => new DurableRuns({ store, openMaxPerUsers: 1 } as never), {
    name: "InvalidRecordError",
    message: /did you mean openMaxPerUser\?/,
  });
});
