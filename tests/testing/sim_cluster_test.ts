import assert from "node:assert/strict";
import { simulate } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimAction } from "../../testing/sim_action.ts";
import { drawSchedule, type SimSchedule } from "../../testing/sim_schedule.ts";

function scheduleOf(...actions: (SimAction & { atMs: number })[]): SimSchedule {
  const quiet = drawSchedule(1, { classes: [], faultyMs: 1_000, healedMs: 500 });
  return { ...quiet, nodes: [1, 1, 1].map((rate) => ({ rate, offsetMs: 0 })), actions };
}

/** Nodes that write down every 100 ms that they live. */
function counting(cluster: SimCluster): SimProgram {
  return {
    async run({ id, start, kv, clock, signal }) {
      while (!signal.aborted) {
        await kv.set(["alive", id, start, clock.monotonic()], clock.now()).catch(() => {});
        await clock.sleep(100, { signal }).catch(() => {});
      }
      cluster.note(null, "stopped", id);
    },
  };
}

async function run(schedule: SimSchedule) {
  let cluster: SimCluster | undefined;
  const result = await simulate(schedule, (made) => counting(cluster = made), { trace: true });
  const beats = cluster!.store.peekAll(["alive"]).map(({ key }) =>
    key.slice(1, 3).map(String).join("/")
  );
  const count = (process: string) => beats.filter((beat) => beat === process).length;
  return { result, cluster: cluster!, count };
}

Deno.test("simulate runs every node from start to end when nothing happens", async () => {
  const { result, count } = await run(scheduleOf());
  assert.equal(result.violation, null);
  for (const node of ["n0/1", "n1/1", "n2/1"]) assert.ok(count(node) >= 14, node);
});

Deno.test("simulate gives the same run for the same schedule", async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const [a, b] = [await run(drawSchedule(seed)), await run(drawSchedule(seed))];
    assert.equal(a.result.steps, b.result.steps);
    assert.deepEqual(a.result.events, b.result.events);
    assert.deepEqual(a.cluster.store.peekAll(), b.cluster.store.peekAll());
  }
});

Deno.test("simulate crashes a node without notice and starts another process of it", async () => {
  const crash = { kind: "crash", node: 1, forMs: 300, atMs: 450 } as const;
  const { result, count } = await run(scheduleOf(crash));
  assert.ok(count("n1/1") <= 5);
  assert.ok(count("n1/2") >= 6 && count("n1/2") <= 8, `${count("n1/2")}`);
  assert.ok(!result.events.some(({ kind, text }) => kind === "stopped" && text === "n1"));
});

Deno.test("simulate shuts a node down in order before it is started with other settings", async () => {
  const restart = { kind: "restart", node: 2, forMs: 200, variant: 2, atMs: 450 } as const;
  const { result, count } = await run(scheduleOf(restart));
  assert.ok(count("n2/1") <= 6);
  assert.ok(count("n2/2") >= 7);
  assert.ok(result.events.some(({ kind, text }) => kind === "stopped" && text === "n2"));
});

Deno.test("simulate pauses, cuts off and deprives nodes of the store, each for its time", async () => {
  const cases: readonly { readonly action: SimAction; readonly others: boolean }[] = [
    { action: { kind: "pause", node: 0, forMs: 600, monotonic: true }, others: false },
    { action: { kind: "partition", node: 0, forMs: 600, cut: "requests" }, others: false },
    { action: { kind: "outage", forMs: 600 }, others: true },
  ];
  for (const { action, others } of cases) {
    const { count } = await run({ ...scheduleOf({ ...action, atMs: 210 }), client: "local" });
    assert.ok(count("n0/1") >= 7 && count("n0/1") <= 11, `${action.kind}: ${count("n0/1")}`);
    assert.equal(count("n1/1") < 12, others, `${action.kind}: ${count("n1/1")}`);
  }
});

Deno.test("simulate sets the store back to how it was, and to nothing before its start", async () => {
  const back = await run(scheduleOf({ kind: "restore", agoMs: 300, atMs: 800 }));
  assert.ok(back.count("n0/1") >= 10 && back.count("n0/1") < 14, `${back.count("n0/1")}`);
  const wiped = await run(scheduleOf({ kind: "restore", agoMs: 5_000, atMs: 800 }));
  assert.ok(wiped.count("n0/1") <= 8, `${wiped.count("n0/1")}`);
});

Deno.test("simulate reports the first violation, whoever finds it, and ends there", async () => {
  const broken = () => {
    throw new Error("I0: broken");
  };
  const programs: Record<string, Partial<SimProgram>> = {
    afterStep: { afterStep: broken },
    committed: { committed: broken },
    atEnd: { atEnd: broken },
    run: { run: () => Promise.reject(new Error("I0: broken")) },
  };
  for (const [name, program] of Object.entries(programs)) {
    const { violation } = await simulate(scheduleOf(), (cluster) => ({
      ...counting(cluster),
      ...program,
    }));
    assert.equal(violation?.error.message, "I0: broken", name);
  }
  const ended = await simulate(scheduleOf(), () => ({ run: () => Promise.resolve() }));
  assert.match(ended.violation?.error.message ?? "", /ended by itself/);
});
