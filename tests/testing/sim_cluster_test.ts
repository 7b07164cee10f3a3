import assert from "node:assert/strict";
import { simulate } from "../../testing/sim_cluster.ts";
import type { SimProgram } from "../../testing/sim_program.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
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

Deno.test("simulate takes the reason of the signal for an end in order, and nothing else", async () => {
  const restart = { kind: "restart", node: 0, forMs: 200, variant: 0, atMs: 450 } as const;
  const inOrder = await simulate(scheduleOf(restart), () => ({
    async run({ clock, signal }) {
      for (;;) await clock.sleep(50, { signal });
    },
  }));
  assert.equal(inOrder.violation, null);
  const otherwise = await simulate(scheduleOf(restart), () => ({
    async run({ clock, signal }) {
      while (!signal.aborted) await clock.sleep(50, { signal }).catch(() => {});
      throw new Error("cannot shut down");
    },
  }));
  assert.equal(otherwise.violation?.error.message, "cannot shut down");
});

Deno.test("simulate lets the program fill the store before anything runs", async () => {
  const result = await simulate(scheduleOf(), (cluster) => {
    void cluster.kv.set(["config"], 7);
    return {
      async run({ kv, clock, signal }) {
        if ((await kv.get(["config"])).value !== 7) throw new Error("not filled");
        for (;;) await clock.sleep(50, { signal });
      },
    };
  });
  assert.equal(result.violation, null);
});

const UNCAUGHT: Readonly<Record<string, (process: SimProcess) => void>> = {
  "a rejection without a handler": () => void Promise.reject(new Error("I0: uncaught")),
  "an error of a callback": ({ clock }) => {
    clock.after(10, () => {
      throw new Error("I0: uncaught");
    });
  },
  "an error of a microtask": () => {
    queueMicrotask(() => {
      throw new Error("I0: uncaught");
    });
  },
  "an error thrown at once": () => {
    throw new Error("I0: uncaught");
  },
};

for (const [name, fail] of Object.entries(UNCAUGHT)) {
  Deno.test(`simulate takes ${name} for a violation, and goes on to the next seed`, async () => {
    const { violation } = await simulate(scheduleOf(), (cluster) => ({
      run: (process) => {
        if (process.node === 1) fail(process);
        return counting(cluster).run(process);
      },
    }));
    assert.equal(violation?.error.message, "I0: uncaught");
    assert.ok(violation.atMs < 20, `${violation.atMs}`);
    assert.equal((await simulate(scheduleOf(), counting)).violation, null);
  });
}

Deno.test("simulate takes what fails at the very end for a violation", async () => {
  const { violation } = await simulate(scheduleOf(), (cluster) => ({
    ...counting(cluster),
    atEnd: () => void Promise.reject(new Error("I0: uncaught")),
  }));
  assert.equal(violation?.error.message, "I0: uncaught");
});

Deno.test("simulate takes what never comes to rest for a violation", async () => {
  const busy = () => ({
    async run({ clock, signal }: SimProcess) {
      while (!signal.aborted) await clock.sleep(0);
    },
  });
  const { violation, steps } = await simulate(scheduleOf(), busy, { maxSteps: 5_000 });
  assert.match(
    violation?.error.message ?? "",
    /^Time did not come to rest: 5000 steps by 2\.0 ms$/,
  );
  assert.equal(steps, 5_000);
});

Deno.test("simulate lets a process end for a handle that died, and starts it again", async () => {
  const panic = { kind: "panic", node: 1, forMs: 300, atMs: 450 } as const;
  const starts: number[] = [];
  const { violation, injected } = await simulate(scheduleOf(panic), () => ({
    async run({ node, start, kv, clock, signal }) {
      if (node === 1) starts.push(start);
      while (!signal.aborted) {
        await kv.set(["alive", node], start);
        await clock.sleep(50, { signal }).catch(() => {});
      }
    },
  }));
  assert.equal(violation, null);
  assert.deepEqual(starts, [1, 2]);
  assert.deepEqual(injected, { panic: 1 });
});

Deno.test("simulate starts a node when its schedule says so", async () => {
  const schedule = scheduleOf();
  const [a, b] = schedule.nodes;
  const { count } = await run({ ...schedule, nodes: [a!, { ...b!, startAtMs: 1_000 }] });
  assert.ok(count("n0/1") >= 14 && count("n1/1") <= 6, `${count("n1/1")}`);
});

Deno.test("simulate says in which classes of faults a schedule took effect", async () => {
  const schedule = { ...scheduleOf({ kind: "jumpWall", node: 0, byMs: 5, atMs: 9 }), classes: [] };
  assert.deepEqual((await simulate(schedule, counting)).injected, { wallJump: 1 });
  const lasting = { ...schedule, actions: [], classes: ["versionGaps", "zombie"] } as const;
  assert.deepEqual((await simulate(lasting, counting)).injected, { versionGaps: 1 });
  await assert.rejects(simulate({ ...schedule, nodes: [] }, counting), RangeError);
});
