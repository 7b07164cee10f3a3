/**
 * `deno task sim`: thousands of disasters happen to a simulated cluster. Prints the seed of every
 * broken promise; with a seed or a file it replays that one, and with --trace it draws what happened.
 */
import { parseSchedule } from "../../testing/check_schedule.ts";
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
import { parseSimOptions, simCommand, type SimOptions } from "./sim_options.ts";
import type { SeedAnswer } from "./seed_worker.ts";
import { missingWitnesses } from "./witnesses.ts";

const VIOLATIONS_SHOWN = 10;
const REPORT_FOLDER = ".cache";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

const command = simCommand(navigator.hardwareConcurrency);
const options = parseSimOptions(Deno.args, command);
Deno.exitCode = await main(options);

async function main({ seed, schedule, stretch, trace }: SimOptions): Promise<number> {
  if (seed !== undefined) return await replay(scheduleOf(seed, stretch), `sim-${seed}`, trace);
  if (schedule === undefined) return await runMany(options);
  const name = schedule.replace(/^.*[\\/]/, "").replace(/\.json$/, "");
  return await replay(await readSchedule(schedule), name, trace);
}

async function readSchedule(path: string): Promise<SimSchedule> {
  try {
    return parseSchedule(await Deno.readTextFile(path));
  } catch (error) {
    return command.error(`error: Cannot read the schedule ${path}: ${error}`);
  }
}

async function runMany({ schedules, from, stretch, workers }: SimOptions): Promise<number> {
  const startedMs = performance.now();
  const threads = Math.min(workers, schedules);
  const report = mergeReports(
    await Promise.all(
      Array.from({ length: threads }, (_, i) => {
        const count = Math.ceil((schedules - i) / threads);
        return inWorker({ from: from + i, count, stride: threads, stretch });
      }),
    ),
  );
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  print(`${report.schedules} schedules, ${report.steps} steps, ${seconds} s, ${threads} threads`);
  for (const [name, seen] of Object.entries(report.witnesses).sort()) {
    print(`  seen in ${String(seen).padStart(6)}: ${name}`);
  }
  const faults = Object.entries(report.injected).sort().map(([name, count]) => `${name} ${count}`);
  print(`  took effect: ${faults.join(", ")}`);
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
    worker.onmessage = ({ data }: MessageEvent<SeedAnswer>) => {
      worker.terminate();
      if ("report" in data) resolve(data.report);
      else reject(new Error(data.error));
    };
    worker.onerror = (event) => {
      event.preventDefault();
      reject(new Error(event.message));
    };
    worker.postMessage(range);
  });
}

async function replay(whole: SimSchedule, name: string, trace = false): Promise<number> {
  const first = await runSchedule(whole, trace);
  describe(first);
  if (!trace) return first.violation ? 1 : 0;
  await Deno.mkdir(REPORT_FOLDER, { recursive: true });
  await draw(first, `${REPORT_FOLDER}/${name}`);
  const invariant = nameOf(first);
  if (invariant === undefined) return 0;
  const isBroken = async (smaller: SimSchedule) => nameOf(await runSchedule(smaller)) === invariant;
  const small = await shrinkSchedule(whole, isBroken, { shortenHealed: invariant !== "liveness" });
  print(`Shrunk from ${whole.actions.length} actions to ${small.actions.length}:`);
  const result = await runSchedule(small, true);
  describe(result);
  await draw(result, `${REPORT_FOLDER}/${name}-small`);
  print(`Replay it: deno task sim --schedule=${REPORT_FOLDER}/${name}-small.json --trace`);
  return 1;
}

/** The invariant that a result broke, such as "I3"; undefined for none. */
function nameOf({ violation }: SimResult): string | undefined {
  return violation?.error.message.split(":", 1)[0];
}

function describe({ schedule, violation, steps, witnesses }: SimResult): void {
  const { nodes, classes, faults, client, store, actions } = schedule;
  print(`seed ${schedule.seed}: ${nodes.length} nodes, ${client} store, ${steps} steps`);
  print(`  classes: ${classes.join(", ")}`);
  print(`  faults: ${JSON.stringify(faults)}`);
  print(`  store: ${JSON.stringify(store)}`);
  for (const action of actions) print(`  ${JSON.stringify(action)}`);
  print(`  seen: ${Object.keys(witnesses).join("; ")}`);
  if (violation) print(`BROKEN at ${violation.atMs.toFixed(1)} ms: ${violation.error.stack}`);
  else print("no promise broken");
}

async function draw(result: SimResult, path: string): Promise<void> {
  await Deno.writeTextFile(`${path}.html`, renderTimeline(result));
  await Deno.writeTextFile(`${path}.json`, `${JSON.stringify(result.schedule, null, 2)}\n`);
  print(`Timeline: ${path}.html, schedule: ${path}.json`);
}
