import assert from "node:assert/strict";
import type { Agent } from "../../../engines/agent.ts";
import type { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { PermitQueueFullError, PermitTimeoutError } from "../../../engines/engine/permit_errors.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { UserPermits } from "../../../engines/engine/user_permits.ts";
import type { UserEvent } from "../../../engines/events/user_event_sink.ts";
import type { StepResult } from "../../../engines/workflow/step_result.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf } from "./engines.ts";

const USERS = 200;
const RUNS = 20;
const PERMITS = 3;

/** Chance that can be had again: the seed is in the name of what fails. */
function chanceOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** All that happens to the users of one try, on one clock. */
class Crowd {
  readonly clock = new FakeClock();
  readonly permits = new UserPermits({ clock: this.clock, queueMax: 12, waitTimeoutMs: 4_000 });
  readonly chance: () => number;
  readonly running = new Map<string, number>();
  readonly sent = new Map<string, UserEvent[]>();
  readonly engines: UserExecutionEngine[] = [];
  refused = 0;

  constructor(seed: number) {
    this.chance = chanceOf(seed);
  }

  /** Works for a while on what is its user's, and may fail, hang or heed no signal. */
  readonly #agent: Agent = async ({ context, input, signal, think, callTool }) => {
    const { userId } = context;
    const { owner, ms, fate } = input as { owner: string; ms: number; fate: number };
    assert.equal(owner, userId);
    think(`working for ${userId}`);
    const answer = await callTool("whose", { userId });
    assert.deepEqual(answer, { userId });
    await this.clock.sleep(ms, fate < 0.1 ? {} : { signal });
    if (fate < 0.3) throw new Error(`failure of ${userId}`);
    return { owner: userId };
  };

  newEngine(context: UserExecutionContext): UserExecutionEngine {
    const events: UserEvent[] = [];
    this.sent.set(context.runId, events);
    const engine = new UserExecutionEngine({
      context,
      agents: new Map([["work", this.#counted]]),
      tools: new Map([["whose", (_given, call) => ({ userId: call.context.userId })]]),
      events: { send: (event) => void events.push(event) },
      permits: this.permits,
      limits: { timeoutMs: 700, cleanupWaitMs: 100 },
      clock: this.clock,
    });
    this.engines.push(engine);
    return engine;
  }

  /** Counts how many agents of a user have a permit. */
  readonly #counted: Agent = (call) => {
    const { userId } = call.context;
    const count = this.running.get(userId) ?? 0;
    assert.ok(count < PERMITS, "more run than may");
    this.running.set(userId, count + 1);
    const leave = () => this.running.set(userId, this.running.get(userId)! - 1);
    call.signal.addEventListener("abort", leave, { once: true });
    return this.#agent(call);
  };

  /** One call of an agent, at some time, that may be called off. */
  async call(engine: UserExecutionEngine): Promise<void> {
    const { context } = engine;
    const controller = new AbortController();
    await this.clock.sleep(this.chance() * 3_000);
    const isCalledOff = this.chance() < 0.2;
    const cancel = isCalledOff
      ? this.clock.after(this.chance() * 1_000, () => controller.abort(new Error("off")))
      : () => {};
    const input = { owner: context.userId, ms: this.chance() * 1_000, fate: this.chance() };
    const { signal } = controller;
    try {
      const result = await engine.executeAgent({ agentName: "work", context }, input, { signal });
      checkResult(result, context.userId);
    } catch (error) {
      if (error instanceof PermitQueueFullError) this.refused++;
      else assert.ok(error instanceof PermitTimeoutError, String(error));
    } finally {
      cancel();
    }
  }
}

function checkResult(result: StepResult, userId: string): void {
  assert.equal(result.metadata["user_id"], userId);
  const error = result.metadata["original_error"];
  if (result.status === "failed") assert.equal(error, `failure of ${userId}`);
  if (result.success) assert.deepEqual(result.result, { owner: userId });
}

/** Every event is of its user; each call starts before all else and ends once. */
function checkEvents(engine: UserExecutionEngine, events: readonly UserEvent[]): number {
  const { userId, runId, threadId } = engine.context;
  let open = 0;
  let ended = 0;
  for (const event of events) {
    assert.deepEqual([event.userId, event.runId, event.threadId], [userId, runId, threadId]);
    const foreign = JSON.stringify(event).match(/user-\d+/g)?.find((id) => id !== userId);
    assert.equal(foreign, undefined);
    if (event.type === "agent_started") open++;
    assert.ok(open > ended, "something before the start or after the end");
    if (event.type === "agent_completed") ended++;
  }
  assert.equal(open, ended);
  return ended;
}

Deno.test(`UserExecutionEngine keeps ${USERS} users apart, whatever happens to them`, async () => {
  const seed = Number(Deno.env.get("BATON_SEED") ?? crypto.getRandomValues(new Uint32Array(1))[0]);
  try {
    await tryCrowd(seed);
  } catch (error) {
    throw new Error(`Failed with BATON_SEED=${seed}: ${error}`, { cause: error });
  }
});

async function tryCrowd(seed: number): Promise<void> {
  const crowd = new Crowd(seed);
  const calls: Promise<void>[] = [];
  for (let user = 0; user < USERS; user++) {
    const engines = ["a", "b"].map((part) =>
      crowd.newEngine(contextOf(`user-${user}`, `run-${user}-${part}`))
    );
    for (let i = 0; i < RUNS; i++) calls.push(crowd.call(engines[i % 2]!));
  }
  await crowd.clock.advance(60_000);
  await Promise.all(calls);
  const ends = { completed: 0, failed: 0, timed_out: 0, cancelled: 0 };
  let accepted = 0;
  for (const engine of crowd.engines) {
    const stats = engine.getStats();
    accepted += stats.total_executions;
    ends.completed += stats.completed_executions;
    ends.failed += stats.failed_executions - stats.timeout_executions;
    ends.timed_out += stats.timeout_executions;
    ends.cancelled += stats.cancelled_executions;
    assert.equal(stats.active_runs_count + stats.concurrent_executions, 0);
    assert.equal(stats.dead_executions, 0);
    const sent = crowd.sent.get(engine.context.runId)!;
    assert.equal(checkEvents(engine, sent), stats.total_executions);
  }
  assert.equal(accepted + crowd.refused, USERS * RUNS);
  assert.equal(Object.values(ends).reduce((sum, count) => sum + count), accepted);
  for (const [kind, count] of Object.entries(ends)) assert.ok(count > 50, `${count} ${kind}`);
  assert.deepEqual([crowd.permits.userCount, crowd.clock.sleeperCount], [0, 0]);
}
