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
  type SeedRange,
  type SeedReport,
  type Subject,
  subjectOf,
} from "./run_seeds.ts";
import { parseSimOptions, simCommand, type SimOptions } from "./sim_options.ts";
import type { SeedAnswer } from "./seed_worker.ts";
import { simulate } from "../../testing/sim_cluster.ts";
import { RECOVERY_WITNESSES } from "./recovery_witnesses.ts";
import { missingWitnesses, WITNESSES } from "./witnesses.ts";

const VIOLATIONS_SHOWN = 10;
const REPORT_FOLDER = ".cache";

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(`${text}\n`));

const command = simCommand(navigator.hardwareConcurrency);
const options = parseSimOptions(Deno.args, command);
Deno.exitCode = await main(options);

async function main({ seed, schedule, stretch, recovery, trace }: SimOptions): Promise<number> {
  const subject = await subjectOf({ recovery: recovery === true });
  if (seed !== undefined) {
    const name = `sim-${recovery ? "recovery-" : ""}${seed}`;
    return await replay(subject, subject.scheduleOf(seed, stretch), { name, trace });
  }
  if (schedule === undefined) return await runAll(options);
  const name = schedule.replace(/^.*[\\/]/, "").replace(/\.json$/, "");
  return await replay(subject, await readSchedule(schedule), { name, trace });
}

/** Schedules of coordination, and a tenth as many of recovery, which take longer each. */
async function runAll(given: SimOptions): Promise<number> {
  if (given.recovery) return await runMany(given);
  const broken = await runMany(given);
  const schedules = Math.ceil(given.schedules / 10);
  return Math.max(broken, await runMany({ ...given, schedules, recovery: true }));
}

async function readSchedule(path: string): Promise<SimSchedule> {
  try {
    return parseSchedule(await Deno.readTextFile(path));
  } catch (error) {
    return command.error(`error: Cannot read the schedule ${path}: ${error}`);
  }
}

async function runMany(
  { schedules, from, stretch, workers, recovery = false }: SimOptions,
): Promise<number> {
  const startedMs = performance.now();
  const threads = Math.min(workers, schedules);
  const report = mergeReports(
    await Promise.all(
      Array.from({ length: threads }, (_, i) => {
        const count = Math.ceil((schedules - i) / threads);
        return inWorker({ from: from + i, count, stride: threads, stretch, recovery });
      }),
    ),
  );
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  const about = recovery ? "recovery" : "coordination";
  print(
    `${report.schedules} schedules of ${about}, ${report.steps} steps, ${seconds} s, ${threads} threads`,
  );
  for (const [name, seen] of Object.entries(report.witnesses).sort()) {
    print(`  seen in ${String(seen).padStart(6)}: ${name}`);
  }
  const faults = Object.entries(report.injected).sort().map(([name, count]) => `${name} ${count}`);
  print(`  took effect: ${faults.join(", ")}`);
  for (const { seed, atMs, message } of report.violations.slice(0, VIOLATIONS_SHOWN)) {
    print(`BROKEN seed ${seed} at ${atMs.toFixed(1)} ms: ${message}`);
    const again = `${stretch === 1 ? "" : ` --stretch=${stretch}`}${recovery ? " --recovery" : ""}`;
    print(`  replay: deno task sim --seed=${seed}${again} --trace`);
  }
  const missing = missingWitnesses(report, recovery ? RECOVERY_WITNESSES : WITNESSES);
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

async function replay(
  { program }: Subject,
  whole: SimSchedule,
  { name, trace = false }: { readonly name: string; readonly trace: boolean | undefined },
): Promise<number> {
  const first = await simulate(whole, program, { trace });
  describe(first);
  if (!trace) return first.violation ? 1 : 0;
  await Deno.mkdir(REPORT_FOLDER, { recursive: true });
  await draw(first, `${REPORT_FOLDER}/${name}`);
  const invariant = nameOf(first);
  if (invariant === undefined) return 0;
  const isBroken = async (smaller: SimSchedule) => (
    nameOf(await simulate(smaller, program)) === invariant
  );
  const shortenHealed = invariant !== "liveness" && invariant !== "R7";
  const small = await shrinkSchedule(whole, isBroken, { shortenHealed });
  print(`Shrunk from ${whole.actions.length} actions to ${small.actions.length}:`);
  const result = await simulate(small, program, { trace: true });
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
