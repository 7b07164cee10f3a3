/**
 * `deno task sim`: thousands of disasters happen to a simulated cluster. Prints the seed of every
 * broken promise; with a seed it replays that one, and with --trace it draws what happened.
 */
import { Command } from "commander";
import { renderTimeline } from "../../testing/render_timeline.ts";
import type { SimResult } from "../../testing/sim_program.ts";
import type { SimSchedule } from "../../testing/sim_schedule.ts";
import { shrinkSchedule } from "../../testing/shrink_schedule.ts";
import {
  mergeReports,
  runSchedule,
  scheduleOf,
  type SeedRange,
  type SeedReport,
} from "./run_seeds.ts";
import { missingWitnesses } from "./witnesses.ts";

const VIOLATIONS_SHOWN = 10;
const REPORT_FOLDER = ".cache";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

const command = new Command("baton sim")
  .description("Runs simulated clusters under random faults and checks every promise.")
  .option("--schedules <n>", "how many schedules to run", wholeNumber, 10_000)
  .option("--from <seed>", "the first seed", wholeNumber, 1)
  .option("--seed <seed>", "replay this one schedule", wholeNumber)
  .option("--trace", "with --seed: draw what happened as an HTML page, smallest schedule first")
  .option("--stretch <n>", "how many times as long as usual each schedule is", wholeNumber, 1)
  .option("--workers <n>", "threads", wholeNumber, navigator.hardwareConcurrency)
  .configureOutput({ getOutHasColors: () => false, getErrHasColors: () => false });
const { schedules, from, seed, stretch, trace, workers } = command.parse(Deno.args, {
  from: "user",
}).opts<{
  schedules: number;
  from: number;
  seed?: number;
  stretch: number;
  trace?: boolean;
  workers: number;
}>();

Deno.exitCode = seed === undefined ? await runMany() : await replay(seed);

async function runMany(): Promise<number> {
  const startedMs = performance.now();
  const share = Math.ceil(schedules / workers);
  const report = mergeReports(
    await Promise.all(
      Array.from({ length: workers }, (_, i) => (
        inWorker({ from: from + i, count: share, stride: workers, stretch })
      )),
    ),
  );
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  print(`${report.schedules} schedules, ${report.steps} steps, ${seconds} s, ${workers} threads`);
  for (const [name, seen] of Object.entries(report.witnesses).sort()) {
    print(`  seen in ${String(seen).padStart(6)}: ${name}`);
  }
  for (const { seed, atMs, message } of report.violations.slice(0, VIOLATIONS_SHOWN)) {
    print(`BROKEN seed ${seed} at ${atMs.toFixed(1)} ms: ${message}`);
    const again = stretch === 1 ? "" : ` --stretch=${stretch}`;
    print(`  replay: deno task sim --seed=${seed}${again} --trace`);
  }
  const missing = missingWitnesses(report);
  if (missing.length > 0) print(`NEVER SEEN: ${missing.join("; ")}`);
  print(`${report.violations.length} broken promises`);
  return report.violations.length > 0 || missing.length > 0 ? 1 : 0;
}

function inWorker(range: SeedRange): Promise<SeedReport> {
  const worker = new Worker(new URL("./seed_worker.ts", import.meta.url), { type: "module" });
  return new Promise<SeedReport>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<SeedReport>) => {
      worker.terminate();
      resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(range);
  });
}

async function replay(seed: number): Promise<number> {
  const whole = scheduleOf(seed, stretch);
  const first = await runSchedule(whole, trace);
  describe(first);
  if (!trace) return first.violation ? 1 : 0;
  await Deno.mkdir(REPORT_FOLDER, { recursive: true });
  await draw(first, `${REPORT_FOLDER}/sim-${seed}.html`);
  if (!first.violation) return 0;
  const invariant = nameOf(first);
  const isBroken = async (smaller: SimSchedule) => nameOf(await runSchedule(smaller)) === invariant;
  const small = await shrinkSchedule(whole, isBroken);
  print(`Shrunk from ${whole.actions.length} actions to ${small.actions.length}:`);
  const result = await runSchedule(small, true);
  describe(result);
  await draw(result, `${REPORT_FOLDER}/sim-${seed}-small.html`);
  return 1;
}

/** The invariant that a result broke, such as "I3"; undefined for none. */
function nameOf({ violation }: SimResult): string | undefined {
  return violation?.error.message.split(":", 1)[0];
}

function describe({ schedule, violation, steps, witnesses }: SimResult): void {
  const { nodes, classes, faults, client, actions } = schedule;
  print(`seed ${schedule.seed}: ${nodes.length} nodes, ${client} store, ${steps} steps`);
  print(`  classes: ${classes.join(", ")}`);
  print(`  faults: ${JSON.stringify(faults)}`);
  for (const action of actions) print(`  ${JSON.stringify(action)}`);
  print(`  seen: ${Object.keys(witnesses).join("; ")}`);
  if (violation) print(`BROKEN at ${violation.atMs.toFixed(1)} ms: ${violation.error.stack}`);
  else print("no promise broken");
}

async function draw(result: SimResult, path: string): Promise<void> {
  await Deno.writeTextFile(path, renderTimeline(result));
  print(`Timeline: ${path}`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new Error(`must be a whole number, got ${text}`);
}
