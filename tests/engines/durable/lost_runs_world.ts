import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { DurableRuns } from "../../../engines/durable/durable_runs.ts";
import type {
  DurableRunsOptions,
  LostRuns,
} from "../../../engines/durable/durable_runs_options.ts";
import type { RunStore } from "../../../engines/durable/run_store.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** What a process that started at some time has; without an incarnation, one that told none. */
export function processOn(
  store: RunStore,
  incarnation?: string,
  options: Partial<DurableRunsOptions> = {},
): DurableRuns {
  const own = incarnation === undefined ? {} : { incarnation };
  const clock = new FakeClock();
  return new DurableRuns({ store, clock, openMaxPerUser: 10_000, ...own, ...options });
}

/** A run of Ada's, to be started. */
export function newRun(runId: string) {
  const context = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId });
  return { context, workflow: "costs", state: { question: "why" } };
}

/** Who lives. */
export function alive(...incarnations: string[]) {
  return { living: () => Promise.resolve(incarnations) };
}

/** The runs that were claimed. */
export function idsOf({ claimed }: LostRuns): string[] {
  return claimed.map(({ runId }) => runId);
}
