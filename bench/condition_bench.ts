import { parseCondition } from "../orchestration/recovery/condition.ts";
import type { ConditionContext } from "../orchestration/recovery/condition_context.ts";
import { type Figures, measureSideBySide, perSecond, table } from "./figures.ts";

/** Calls in one measurement: one call alone is shorter than the clock's tick. */
const BATCH = 100_000;
const TIMES = 200;
const WARM_UP = 20;

const TYPICAL = "severity >= 0.8 or recurrence_count >= 2";

/** The conditions that the shipped policies have, and one with everything. */
const SHIPPED = [
  TYPICAL,
  "always",
  "severity >= 0.9 or recurrence_count >= 3",
  "severity >= 0.7 or duration > 180",
  "severity >= 0.9 or stabilization_failed",
  "severity >= 0.85 or restart_failed",
  "severity >= 0.95",
  "(severity >= 0.8 or (confidence > 0.9 and recurrence_count >= 3)) and not step == 10",
];

/** Contexts that take every way through the typical condition. */
const CONTEXTS: readonly ConditionContext[] = [
  values(0.85, 2, false),
  values(0.5, 2, true),
  values(0.5, 1, false),
];

function values(severity: number, recurrence_count: number, failed: boolean): ConditionContext {
  const flags = { stabilization_failed: failed, restart_failed: failed };
  return { severity, recurrence_count, confidence: 0.9, step: 1, duration: 150, ...flags };
}

/** Conditions, read and answered, beside the same written in JavaScript. */
export async function benchConditions(times = TIMES): Promise<string> {
  const typical = parseCondition(TYPICAL);
  const shipped = SHIPPED.map(parseCondition);
  const plain = (context: ConditionContext) =>
    (context.severity as number) >= 0.8 || (context.recurrence_count as number) >= 2;
  let turn = 0;
  const next = () => shipped[turn++ % shipped.length]!;
  const runs: [name: string, batch: number, run: (context: ConditionContext) => unknown][] = [
    ["a JavaScript function that does the same", BATCH, plain],
    [`\`${TYPICAL}\``, BATCH, (context) => typical.evaluate(context)],
    [`${SHIPPED.length} conditions in turn`, BATCH, (context) => next().evaluate(context)],
    [`parse \`${TYPICAL}\``, BATCH / 100, () => parseCondition(TYPICAL)],
  ];
  const batches = runs.map(([, batch, run]) => repeat(batch, run));
  await measureSideBySide(WARM_UP, batches);
  const figures = await measureSideBySide(times, batches);
  const rows = runs.map(([name, batch], i) => [
    name,
    nanoseconds(figures[i]!, 0.5, batch),
    nanoseconds(figures[i]!, 0.99, batch),
    perSecond(figures[i]!, batch),
  ]);
  const title = `Conditions (${times} batches each, in turn)`;
  return table(title, ["operation", "p50 ns", "p99 ns", "a second"], rows);
}

/** Counts what holds, so that the compiler cannot leave the call out. */
let held = 0;

function repeat(
  batch: number,
  run: (context: ConditionContext) => unknown,
): () => Promise<void> {
  return () => {
    for (let i = 0; i < batch; i++) if (run(CONTEXTS[i % CONTEXTS.length]!)) held++;
    return Promise.resolve(void held);
  };
}

function nanoseconds(figures: Figures, share: number, batch: number): string {
  return (figures.percentileMs(share) * 1e6 / batch).toFixed(1);
}
