/**
 * Puts a great many items through several processes on one local file, and fails unless each is
 * recorded once. Prints what it took.
 *
 * Usage: deno task soak:work [--items=100000] [--processes=4] [--max-minutes=15] [--max-claims=50]
 */
import assert from "node:assert/strict";
import { parseArgs } from "node:util";
import { ProcessJournal } from "../support/process_journal.ts";
import { readWorkLedger, untilDone } from "../support/work_ledger.ts";
import type { WorkEvent, WorkSettings } from "../support/work_settings.ts";

const { values } = parseArgs({
  args: Deno.args,
  options: {
    items: { type: "string", default: "100000" },
    processes: { type: "string", default: "4" },
    "max-minutes": { type: "string", default: "15" },
    "max-claims": { type: "string", default: "50" },
  },
});
const [items, processes] = [Number(values.items), Number(values.processes)];
const maxMs = Number(values["max-minutes"]) * 60_000;
const encoder = new TextEncoder();
const print = (text: string) => Deno.stdout.writeSync(encoder.encode(`${text}\n`));

/** What became of the work, as the processes say when they stop. */
function sum(stopped: readonly WorkEvent[], of: "work" | "store", name: string): number {
  const counts = stopped.map((event) => (event[of] ?? {}) as Record<string, number>);
  return counts.reduce((total, count) => total + (count[name] ?? 0), 0);
}

async function soak(path: string): Promise<void> {
  await using journal = new ProcessJournal<WorkEvent>("work_member.ts");
  const settings: WorkSettings = {
    leaseMs: 5_000,
    submits: Math.ceil(items / processes),
    submitsAtOnce: 100,
    maxClaims: Number(values["max-claims"]),
    workMs: 0,
    claimMs: 60_000,
    isTelling: false,
  };
  const startMs = performance.now();
  const timer = setTimeout(() => {
    print(`not done after ${values["max-minutes"]} minutes`);
    Deno.exit(1);
  }, maxMs);
  for (let i = 0; i < processes; i++) journal.spawn(path, `m${i}`, settings);
  const hasSubmitted = () =>
    journal.events.filter(({ event }) => event === "submitted").length === processes;
  await journal.until("all to be submitted", hasSubmitted, maxMs);
  const submittedMs = performance.now() - startMs;
  await untilDone(path, maxMs);
  const doneMs = performance.now() - startMs;
  clearTimeout(timer);
  for (const { kill } of journal.live.values()) kill("SIGTERM");
  await Promise.all([...journal.live.values()].map(({ ended }) => ended));
  await report(path, journal.events, { submittedMs, doneMs });
}

async function report(
  path: string,
  events: readonly WorkEvent[],
  { submittedMs, doneMs }: { readonly submittedMs: number; readonly doneMs: number },
): Promise<void> {
  const stopped = events.filter(({ event }) => event === "stopped");
  const work = (name: string) => sum(stopped, "work", name);
  const store = (name: string) => sum(stopped, "store", name);
  const total = Math.ceil(items / processes) * processes;
  const rate = (ms: number) => `${(total / (ms / 1_000)).toFixed(0)} items/s`;
  print(`${total} items, ${processes} processes, ${(doneMs / 1_000).toFixed(1)} s`);
  print(`all acknowledged after ${(submittedMs / 1_000).toFixed(1)} s: ${rate(submittedMs)}`);
  print(`all completed after ${(doneMs / 1_000).toFixed(1)} s: ${rate(doneMs)}`);
  for (const name of ["assigned", "handedOver", "claimed", "completed", "released"]) {
    print(`  work ${name}: ${work(name)}`);
  }
  for (const name of ["claimsLost", "lapsed", "reassigned", "failures", "corruptRecords"]) {
    print(`  work ${name}: ${work(name)}`);
  }
  for (const name of ["reads", "commits", "refused", "unknown", "busyRetries", "failures"]) {
    print(`  store ${name}: ${store(name)}`);
  }
  const elections = events.filter(({ event }) => event === "elected").length;
  print(`  elections: ${elections}`);
  const ledger = await readWorkLedger(path);
  const done = [...ledger.items.values()].filter(({ status }) => status === "completed");
  assert.equal(done.length, total, "every item is completed");
  assert.equal(ledger.items.size, total, "and there is no other");
  assert.equal(ledger.backlog, 0);
  assert.equal(ledger.unfinished, 0, "no entry is left beside the items");
  assert.equal(work("completed"), total, "each result was recorded by one attempt");
  const refused = events.filter(({ event }) => event === "refused");
  print(`each was recorded once; ${refused.length} attempts came too late`);
}

const folder = await Deno.makeTempDir({ prefix: "baton-soak-" });
try {
  await soak(`${folder}/soak.db`);
} finally {
  await Deno.remove(folder, { recursive: true });
}
