import {
  KvRecoveryStorage,
  recoveryPrefix,
} from "../../orchestration/recovery/kv_recovery_storage.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { SimStore, type SimStoreOptions } from "../../testing/sim_store.ts";
import type { SimTime } from "../../testing/sim_time.ts";
import {
  type HeldFence,
  type StorageWorld,
  testStorageContract,
} from "./recovery_storage_contract.ts";

testStorageContract({
  name: "in memory",
  use: async (run) => {
    const storage = new MemoryRecoveryStorage();
    await run({ storage, rival: storage, lead: () => Promise.resolve(leadInMemory()) });
  },
});

testStorageContract({
  name: "Deno.openKv in memory",
  use: async (run) => {
    using kv = await Deno.openKv(":memory:");
    const prefix = recoveryPrefix("thirty-characters-are-enough-x");
    const storage = new KvRecoveryStorage({ kv, prefix });
    const rival = new KvRecoveryStorage({ kv, prefix });
    await run({ storage, rival, lead: () => leadIn(kv) });
  },
});

testStorageContract({
  name: "SimStore with the limits of denokv",
  use: (run) => useSim({ limits: "denokv" }, "connect", run),
});

testStorageContract({
  name: "SimStore with latency, locks and torn lists",
  use: (run) => {
    const latency = { minMs: 0.5, maxMs: 5 };
    return useSim({ faults: { latency, busy: 0.1, tornList: 0.5 } }, "local", run);
  },
});

async function useSim(
  options: SimStoreOptions,
  client: "local" | "connect",
  run: (world: StorageWorld) => Promise<void>,
): Promise<void> {
  const sim = new SimStore(options);
  const open = () => {
    const clock = new FakeClock({ time: sim.time });
    const kv = sim.open({ client });
    return new KvRecoveryStorage({ kv, prefix: ["sim"], clock, random: () => 0.5 });
  };
  const leader = sim.open({ faults: {} });
  const world = { storage: open(), rival: open(), lead: () => leadIn(leader) };
  await passUntil(sim.time, run(world));
}

async function passUntil(time: SimTime, running: Promise<void>): Promise<void> {
  let hasEnded = false;
  const end = () => hasEnded = true;
  running.then(end, end);
  for (let passedMs = 0; !hasEnded && passedMs < 100_000; passedMs += 100) await time.advance(100);
  if (!hasEnded) throw new Error("the case still waits after 100 s of simulated time");
  await running;
}

/** A term as an election has it: a key that others remove. */
async function leadIn(kv: Deno.Kv): Promise<HeldFence> {
  const key = ["term", crypto.randomUUID()];
  await kv.set(key, 1);
  const { versionstamp } = await kv.get(key);
  const fence = { check: { key, versionstamp }, isValid: () => true };
  return { fence, lose: () => kv.delete(key) };
}

/** Memory has no store in which a term could end: it ends by what is known here. */
function leadInMemory(): HeldFence {
  let isValid = true;
  const fence = { check: { key: ["term"], versionstamp: null }, isValid: () => isValid };
  const lose = () => {
    isValid = false;
    return Promise.resolve();
  };
  return { fence, lose };
}
