import type { Agent } from "../../../engines/agent.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { ExecutionEngineFactory } from "../../../engines/factory/execution_engine_factory.ts";
import type { ExecutionEngineFactoryOptions } from "../../../engines/factory/execution_engine_factory_options.ts";
import { UserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

/** A factory on a clock and with limits of its own, and a gate that its agents wait at. */
export interface FactoryCase extends AsyncDisposable {
  readonly clock: FakeClock;
  readonly limits: UserEngineLimits;
  readonly factory: ExecutionEngineFactory;
  /** Lets all agents end that wait, and those that come. */
  open(): void;
}

/** Makes the case. */
export function factoryCase(
  options: Partial<ExecutionEngineFactoryOptions> = {},
): FactoryCase {
  const clock = new FakeClock();
  const limits = options.userLimits ?? new UserEngineLimits();
  const gate = Promise.withResolvers<void>();
  const waiter: Agent = ({ signal }) =>
    new Promise<string>((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      void gate.promise.then(() => resolve("done"));
    });
  const agents = new Map<string, Agent>([["waiter", waiter], ["quick", () => "done"]]);
  const factory = new ExecutionEngineFactory({ agents, clock, userLimits: limits, ...options });
  return {
    clock,
    limits,
    factory,
    open: () => gate.resolve(),
    async [Symbol.asyncDispose](): Promise<void> {
      gate.resolve();
      await passing(clock, factory.shutdown());
    },
  };
}

/** Moves the clock on until something is done. */
export async function passing<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isDone = false;
  const done = () => void (isDone = true);
  promise.then(done, done);
  for (let turn = 0; turn < 1_000 && !isDone; turn++) await clock.advance(100);
  if (!isDone) throw new Error("it did not end");
  return await promise;
}

let runs = 0;

/** A context of a user; each of another run where none is said. */
export function runOf(userId: string, runId = `run-${++runs}`): UserExecutionContext {
  return new UserExecutionContext({ userId, threadId: "t-1", runId });
}
