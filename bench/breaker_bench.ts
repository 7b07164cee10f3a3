import { CircuitBreaker, FallbackManager, Retry, RetryBudget } from "@baton/orchestration/health";
import type { HealthState } from "@baton/orchestration/health";
import { systemClock } from "@baton/orchestration/clock";
import { measureSideBySide, table } from "./figures.ts";

/** Calls in one measurement: one call alone is shorter than the clock's tick. */
const BATCH = 1_000;

const WELL: HealthState = {
  system: { status: "HEALTHY", failed_components: 0 },
  retry: { failures_1h: 0 },
  circuit_breaker: { state: "CLOSED" },
  resources: { status: { overall: "healthy" } },
};

/** What a breaker, a retry and one cycle of the fallback manager add to a call. */
export async function benchBreaker(times = 300): Promise<string> {
  let timers = 0;
  const clock = {
    ...systemClock,
    after(ms: number, run: () => void) {
      timers++;
      return systemClock.after(ms, run);
    },
  };
  const closed = new CircuitBreaker("closed", { clock });
  const open = new CircuitBreaker("open", { clock });
  open.open({ actor: "bench", reason: "measured" });
  const retry = new Retry({ clock });
  const budget = new RetryBudget({ clock });
  const manager = new FallbackManager({ clock });
  const watchful = new FallbackManager({ clock });
  for (let each = 0; each < 20; each++) {
    const condition = (state: HealthState) => (state.retry?.failures_1h ?? 0) > each;
    watchful.registerFallback(`f${each}`, { condition, mode: "SAFE" });
  }
  const { signal } = new AbortController();
  const work = () => 1;
  const runs: readonly (readonly [name: string, run: () => unknown])[] = [
    ["plain: `await` of an async function", async () => await work()],
    ["closed breaker", () => closed.execute(work)],
    ["closed breaker, signal given", () => closed.execute(work, { signal })],
    ["open breaker: refusal with its error", () => open.execute(work).catch(() => 0)],
    ["retry that succeeds at once", () => retry.execute(work, { signal })],
    [
      "retry around a closed breaker",
      () => retry.execute(({ signal }) => closed.execute(work, { signal }), { signal }),
    ],
    ["budget: a call and a retry", () => (budget.noteCall(), budget.take())],
    ["fallback manager: one cycle", () => manager.cascade(WELL)],
    ["fallback manager: one cycle, 20 conditions", () => watchful.cascade(WELL)],
  ];
  const figures = await measureSideBySide(times, runs.map(([, run]) => repeat(run)));
  const rows = runs.map(([name], which) => [
    name,
    nanoseconds(figures[which]!.percentileMs(0.5)),
    nanoseconds(figures[which]!.percentileMs(0.99)),
  ]);
  const title = `Breaker, retry and fallback (${times} × ${BATCH} calls each, in turn)`;
  return `${table(title, ["operation", "p50 ns", "p99 ns"], rows)}\nTimers started: ${timers}.\n`;
}

/** Keeps what was computed, so that the compiler cannot leave the call out. */
let kept: unknown;

function repeat(run: () => unknown): () => Promise<void> {
  return async () => {
    for (let i = 0; i < BATCH; i++) {
      const result = run();
      kept = result instanceof Promise ? await result : result;
    }
    return void kept;
  };
}

function nanoseconds(batchMs: number): string {
  return Math.round(batchMs * 1e6 / BATCH).toLocaleString("en");
}

if (import.meta.main) {
  Deno.stdout.writeSync(new TextEncoder().encode(await benchBreaker()));
}
