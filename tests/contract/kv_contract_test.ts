import { type SimOpenOptions, SimStore, type SimStoreOptions } from "../../testing/sim_store.ts";
import type { SimTime } from "../../testing/sim_time.ts";
import { testKvContract } from "./kv_contract.ts";

testKvContract({
  name: "Deno.openKv in memory",
  open: () => Deno.openKv(":memory:"),
  settle: (_kv, running) => running,
});

testKvContract({
  name: "SimStore without time",
  open: () => Promise.resolve(new SimStore().open()),
  settle: (_kv, running) => running,
});

testSimContract("SimStore with latency", {
  faults: { latency: { minMs: 0.5, maxMs: 20, heavyTailShare: 0.05 } },
});

testSimContract("SimStore over KV Connect", {}, { client: "connect" });

/** Checks the contract on a store whose calls take simulated time. */
function testSimContract(name: string, options: SimStoreOptions, open?: SimOpenOptions): void {
  const times = new WeakMap<Deno.Kv, SimTime>();
  testKvContract({
    name,
    open: () => {
      const store = new SimStore(options);
      const kv = store.open(open);
      times.set(kv, store.time);
      return Promise.resolve(kv);
    },
    settle: (kv, running) => passUntil(times.get(kv)!, running),
  });
}

async function passUntil(time: SimTime, running: Promise<void>): Promise<void> {
  let hasEnded = false;
  const end = () => hasEnded = true;
  running.then(end, end);
  for (let passedMs = 0; !hasEnded && passedMs < 100_000; passedMs += 100) await time.advance(100);
  if (!hasEnded) throw new Error("the case still waits after 100 s of simulated time");
  await running;
}
