import assert from "node:assert/strict";
import fc from "fast-check";
import { KvRecoveryStorage } from "../../orchestration/recovery/kv_recovery_storage.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryStorage, StorageKey } from "../../orchestration/recovery/recovery_storage.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { checkAsyncProperty } from "../support/property.ts";

/** One thing that is asked of both storages alike. */
type Step =
  | {
    readonly kind: "commit";
    readonly sets: readonly StorageKey[];
    readonly deletes: readonly StorageKey[];
    /** The version that is checked: the one that stands, nothing, or the first one ever seen. */
    readonly checks: readonly { readonly key: StorageKey; readonly seen: "now" | "none" | "old" }[];
  }
  | {
    readonly kind: "list";
    readonly prefix: StorageKey;
    readonly below: StorageKey | null;
    readonly limit: number;
    readonly reverse: boolean;
  };

const RUNS = 200;
const part = fc.constantFrom("a", "b", "a\u0001", "\ue000", "\u{10000}", "é");
const key = fc.array(part, { minLength: 1, maxLength: 3 });
const keys = fc.uniqueArray(key, { maxLength: 4, selector: (some) => some.join("\0") });
const check = fc.record({ key, seen: fc.constantFrom("now", "none", "old") });
const commit = fc.record({
  kind: fc.constant("commit"),
  sets: keys,
  deletes: keys,
  checks: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, fc.array(check, { maxLength: 2 })),
});
const list = fc.record({
  kind: fc.constant("list"),
  prefix: fc.array(part, { maxLength: 2 }),
  below: fc.option(key),
  limit: fc.integer({ min: 1, max: 6 }),
  reverse: fc.boolean(),
});
const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(commit, list) as fc.Arbitrary<Step>, {
  maxLength: 30,
});

/** Does the steps, and gives what could be told from outside. */
async function perform(storage: RecoveryStorage, all: readonly Step[]): Promise<unknown[]> {
  const first = new Map<string, string>();
  const seen: unknown[] = [];
  const note = (entry: { readonly key: StorageKey; readonly version: string }) => {
    const name = entry.key.join("\0");
    if (!first.has(name)) first.set(name, entry.version);
  };
  for (const [index, step] of all.entries()) {
    if (step.kind === "list") {
      const { prefix, below, limit, reverse } = step;
      const after = below && { after: [...prefix, ...below] };
      const entries = await storage.list(prefix, { limit, reverse, ...after });
      entries.forEach(note);
      seen.push(entries.map(({ key, value }) => [key, value]));
      continue;
    }
    const sets = step.sets.map((at) => ({ key: at, value: { index } }));
    const deletes = step.deletes.filter((at) => !step.sets.some((set) => isSame(set, at)));
    const checks = await Promise.all(step.checks.map(async ({ key: at, seen: which }) => {
      if (which === "none") return { key: at, version: null };
      const now = (await storage.get(at))?.version ?? null;
      return { key: at, version: which === "now" ? now : first.get(at.join("\0")) ?? null };
    }));
    const version = await storage.commit({ sets, deletes, checks });
    if (version !== null) step.sets.forEach((at) => note({ key: at, version }));
    seen.push(version !== null);
  }
  return seen;
}

function isSame(a: StorageKey, b: StorageKey): boolean {
  return a.join("\0") === b.join("\0");
}

Deno.test("RecoveryStorage in memory, in Deno KV and in SimStore cannot be told apart (property)", async () => {
  using kv = await Deno.openKv(":memory:");
  let run = 0;
  const property = fc.asyncProperty(steps, async (all) => {
    const inMemory = await perform(new MemoryRecoveryStorage(), all);
    const inDeno = new KvRecoveryStorage({ kv, prefix: ["run", run++] });
    assert.deepEqual(await perform(inDeno, all), inMemory);
    const inSim = new KvRecoveryStorage({ kv: new SimStore().open(), prefix: ["run"] });
    assert.deepEqual(await perform(inSim, all), inMemory);
  });
  await checkAsyncProperty(property, RUNS);
});
