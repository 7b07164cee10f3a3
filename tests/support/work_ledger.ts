import assert from "node:assert/strict";
import { openKv } from "@baton/orchestration/coordination";
import { WorkKeys } from "../../coordination/work/work_keys.ts";
import type { WorkEvent } from "./work_settings.ts";

/** An item as it stands in the store in the end. */
interface Recorded {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly result: string | null;
}

/** What stands in the store about work. */
export interface WorkLedger {
  readonly items: ReadonlyMap<string, Recorded>;
  readonly backlog: number;
  /** How many entries stand beside the items: ready, claimed, waiting, dead, in the inbox. */
  readonly unfinished: number;
  /** Who left the trace of an attempt, by item and attempt. */
  readonly effects: ReadonlyMap<string, string>;
}

const KEYS = new WorkKeys("default");
const BUSY = "database is locked";

/** Reads everything about work, by the records and not through what is tested. */
export async function readWorkLedger(storePath: string): Promise<WorkLedger> {
  using kv = await openKv(storePath);
  const list = (prefix: Deno.KvKey) => unlocked(() => Array.fromAsync(kv.list({ prefix })));
  const items = (await list(KEYS.items)).map(({ value }) => value as Recorded);
  const backlog = await unlocked(() => kv.get<Deno.KvU64>(KEYS.backlog));
  const beside = [KEYS.ready, KEYS.claimed, KEYS.waiting, KEYS.dead, KEYS.inbox];
  const entries = await Promise.all(beside.map(list));
  const effects = await list(["effect"]);
  return {
    items: new Map(items.map((item) => [item.id, item])),
    backlog: Number(BigInt.asIntN(64, backlog.value?.value ?? 0n)),
    unfinished: entries.flat().length,
    effects: new Map(effects.map(({ key, value }) => [key.slice(1).join(" "), String(value)])),
  };
}

/** Waits until nothing is left to do. */
export async function untilDone(storePath: string, maxMs: number): Promise<void> {
  using kv = await openKv(storePath);
  const deadline = performance.now() + maxMs;
  for (;;) {
    const { value } = await unlocked(() => kv.get<Deno.KvU64>(KEYS.backlog));
    if (value?.value === 0n) return;
    assert.ok(performance.now() < deadline, `${value?.value} items were left after ${maxMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Fails unless every item that was acknowledged is completed with one result, which one attempt
 * recorded, and nothing else is left.
 */
export function assertEachDoneOnce(ledger: WorkLedger, events: readonly WorkEvent[]): void {
  const { items, backlog, unfinished, effects } = ledger;
  const acknowledged = events.filter(({ event }) => event === "acknowledged");
  const lost = acknowledged.filter(({ id }) => !items.has(id!));
  assert.deepEqual(lost, [], "acknowledged and lost");
  assert.equal(backlog, 0, "backlog");
  assert.equal(unfinished, 0, "entries beside the items");
  assert.deepEqual(events.filter(({ event }) => event === "doubled"), [], "attempts begun twice");
  for (const { id, status, attempt, result } of items.values()) {
    assert.equal(status, "completed", id);
    const recorded = JSON.parse(result!) as { by: string; attempt: number };
    assert.equal(recorded.attempt, attempt, `${id}: the result is of another attempt`);
    assert.equal(effects.get(`${id} ${attempt}`), recorded.by, `${id}: whose result is it?`);
  }
  assertToldOnce(items, events);
}

/** A process may die before it tells; but none may tell what is not recorded. */
function assertToldOnce(items: WorkLedger["items"], events: readonly WorkEvent[]): void {
  const told = new Map<string, WorkEvent>();
  for (const event of events.filter(({ event }) => event === "completed")) {
    const id = event.id!;
    assert.ok(!told.has(id), `${id} was completed by ${told.get(id)?.instanceId} as well`);
    told.set(id, event);
    const recorded = JSON.parse(items.get(id)!.result!);
    assert.deepEqual(recorded, { by: event.instanceId, attempt: event.attempt });
  }
}

async function unlocked<T>(read: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!String(error).includes(BUSY)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
