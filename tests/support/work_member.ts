/**
 * A cluster member in a process of its own that submits work and does work, for tests to kill and
 * freeze. It never asks whether a claim still stands before it records the result. What it did is
 * told on standard output, one JSON document a line.
 */
import { DistributedResilienceCoordinator, openKv } from "@baton/orchestration/coordination";
import type { LeaderWork, Term } from "@baton/orchestration/coordination";
import type { Claim } from "../../coordination/work/claim.ts";
import type { WorkEvent, WorkSettings } from "./work_settings.ts";
import { startUp } from "./start_up.ts";

const RETRY_MS = 25;
const [path, instanceId, text] = Deno.args as [string, string, string];
const settings: WorkSettings = JSON.parse(text);

function tell(event: WorkEvent["event"], details: Partial<WorkEvent> = {}): void {
  const line = JSON.stringify({ event, instanceId, ...details });
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

class TellingLeader implements LeaderWork {
  async lead({ term, signal }: Term): Promise<void> {
    tell("elected", { term });
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }
}

/** Submits one item until it is acknowledged, under the same id each time. */
async function submit(id: string): Promise<void> {
  const { claimMs, isTelling } = settings;
  const item = { id, payload: { for: id }, claimMs, maxAttempts: 100 };
  for (;;) {
    try {
      await node.assignWork(item);
      if (isTelling) tell("acknowledged", { id });
      return;
    } catch (error) {
      if (!isTransient(error)) throw error;
      await sleep(RETRY_MS);
    }
  }
}

/** Nobody takes work yet, the backlog is full, or there is no leader: all of it passes. */
function isTransient(error: unknown): boolean {
  return error instanceof Error &&
    ["WorkRefusedError", "WorkUnacknowledgedError", "StoreUnavailableError"].includes(error.name);
}

async function submitAll(): Promise<void> {
  let next = 0;
  await Promise.all(Array.from({ length: settings.submitsAtOnce }, async () => {
    while (next < settings.submits) await submit(`${instanceId}-${next++}`);
  }));
  tell("submitted");
}

/** Leaves a trace that only one process can leave for an attempt. */
async function leaveTrace({ id, attempt }: Claim): Promise<void> {
  const key = ["effect", id, attempt];
  for (;;) {
    try {
      const check = { key, versionstamp: null };
      const { ok } = await kv.atomic().check(check).set(key, instanceId).commit();
      const isOurs = ok || (await kv.get(key)).value === instanceId;
      if (!isOurs) tell("doubled", { id, attempt });
      return;
    } catch (error) {
      if (!String(error).includes("database is locked")) throw error;
      await sleep(RETRY_MS);
    }
  }
}

async function handle(claim: Claim): Promise<void> {
  const { id, attempt } = claim;
  const { isTelling, workMs } = settings;
  if (isTelling) {
    tell("claimed", { id, attempt });
    await leaveTrace(claim);
  }
  if (workMs > 0) await sleep(workMs);
  await record(claim);
}

async function record(claim: Claim): Promise<void> {
  const { id, attempt } = claim;
  for (;;) {
    try {
      await claim.complete({ by: instanceId, attempt });
      if (settings.isTelling) tell("completed", { id, attempt });
      return;
    } catch (error) {
      const { name, message, reason } = error as Error & { reason?: string };
      if (name === "StoreUnavailableError") continue;
      return tell("refused", { id, attempt, name, message, ...(reason && { reason }) });
    }
  }
}

async function work(): Promise<void> {
  for await (const claim of node.work({ maxClaims: settings.maxClaims })) {
    void handle(claim);
  }
}

const kv = await openKv(path);
const node = new DistributedResilienceCoordinator({
  kv,
  storePath: path,
  instanceId,
  timing: { leaseMs: settings.leaseMs },
  recoveryOrchestrator: new TellingLeader(),
});
Deno.addSignalListener("SIGTERM", async () => {
  await node.shutdown();
  const { work, store } = node.getMetrics();
  tell("stopped", { work, store });
  Deno.exit(0);
});
await startUp(node);
tell("started");
const working = settings.maxClaims > 0 ? work() : Promise.resolve();
await submitAll();
await working;
const failure = await node.untilStopped();
if (failure) {
  tell("failed", { name: failure.name, message: failure.message });
  Deno.exit(1);
}
