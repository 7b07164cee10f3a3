import assert from "node:assert/strict";
import { AgentRun, type RunEnding } from "../../../engines/engine/agent_run.ts";
import { currentContext, runInContext } from "../../../engines/context/current_context.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { contextOf } from "./engines.ts";

/** A run whose agent answers when the test says so, with all that comes of it. */
function newRun(work?: (signal: AbortSignal) => Promise<unknown>, endsOnAbort = false) {
  const clock = new FakeClock();
  const answer = Promise.withResolvers<unknown>();
  const endings: RunEnding[] = [];
  const abandoned: Promise<unknown>[] = [];
  const releases: number[] = [];
  const run = new AgentRun({
    timeoutMs: 1_000,
    clock,
    work: (signal) => ({ answer: work?.(signal) ?? answer.promise, endsOnAbort }),
    inContext: (run) => runInContext(contextOf(), run),
    onEnd: (ending) => void endings.push(ending),
    onAbandoned: (going) => void abandoned.push(going),
  });
  const release = () => void releases.push(1);
  return { run, clock, answer, endings, abandoned, releases, release };
}

type Setup = ReturnType<typeof newRun>;

const failure = new Error("no");

Deno.test("AgentRun ends by whatever comes first, once, and lets go of all that it has", async () => {
  const begun = (act: (setup: Setup) => unknown) => (setup: Setup) => {
    setup.run.begin(setup.release);
    return act(setup);
  };
  const cases: [name: string, act: (setup: Setup) => unknown, ending: RunEnding, going: number][] =
    [
      ["an answer", begun((it) => it.answer.resolve([1])), { kind: "completed", value: [1] }, 0],
      [
        "no answer",
        begun((it) => it.answer.resolve(undefined)),
        { kind: "completed", value: null },
        0,
      ],
      [
        "a failure",
        begun((it) => it.answer.reject(failure)),
        { kind: "failed", error: failure },
        0,
      ],
      ["the time", begun((it) => it.clock.advance(1_000)), { kind: "timed_out" }, 1],
      [
        "a call to stop",
        begun((it) => it.run.cancel("why")),
        { kind: "cancelled", reason: "why" },
        1,
      ],
    ];
  for (const [name, act, ending, going] of cases) {
    const setup = newRun();
    await act(setup);
    await setup.clock.advance(0);
    assert.deepEqual(setup.endings, [ending], name);
    assert.equal(setup.abandoned.length, going, name);
    assert.equal(setup.releases.length, 1, name);
    assert.equal(setup.clock.sleeperCount, 0, name);
    assert.equal(setup.run.signal.aborted, true, name);
    setup.run.cancel("again");
    setup.run.refuse("again");
    setup.answer.resolve("late");
    await setup.clock.advance(5_000);
    assert.equal(setup.endings.length, 1, name);
    assert.equal(setup.releases.length, 1, name);
  }
});

Deno.test("AgentRun gives its signal the reason for its end", async () => {
  const cases: [name: string, act: (setup: Setup) => unknown, reason: unknown][] = [
    ["the time", (it) => it.clock.advance(1_000), { name: "TimeoutError" }],
    ["an answer", (it) => it.answer.resolve(1), { name: "AbortError" }],
    ["a call to stop", (it) => it.run.cancel({ name: "mine" }), { name: "mine" }],
  ];
  for (const [name, act, reason] of cases) {
    const setup = newRun();
    setup.run.begin(setup.release);
    assert.equal(setup.run.signal.aborted, false, name);
    await act(setup);
    await setup.clock.advance(0);
    assert.equal(setup.run.signal.reason.name, (reason as Error).name, name);
  }
});

Deno.test("AgentRun fails when the agent throws at once or answers what is no plain data", async () => {
  const cases: [name: string, work: () => Promise<unknown>, errorName: string][] = [
    ["throws at once", () => {
      throw new RangeError("no");
    }, "RangeError"],
    ["answers a map", () => Promise.resolve(new Map()), "InvalidRecordError"],
  ];
  for (const [name, work, errorName] of cases) {
    const { run, clock, endings, releases, release } = newRun(work);
    run.begin(release);
    await clock.advance(0);
    const [ending] = endings;
    assert.ok(ending?.kind === "failed", name);
    assert.equal((ending.error as Error).name, errorName, name);
    assert.equal(releases.length, 1, name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("AgentRun that ended before its turn gives the permit back and does no work", () => {
  const cases: [name: string, end: (run: AgentRun) => void, kind: string][] = [
    ["called off", (run) => run.cancel("why"), "cancelled"],
    ["refused", (run) => run.refuse(failure), "refused"],
    ["watches what has aborted", (run) => run.watch(AbortSignal.abort("why")), "cancelled"],
  ];
  for (const [name, end, kind] of cases) {
    let isWorked = false;
    const { run, clock, endings, releases, release } = newRun(() => {
      isWorked = true;
      return Promise.resolve();
    });
    end(run);
    run.begin(release);
    assert.deepEqual(endings.map((ending) => ending.kind), [kind], name);
    assert.equal(isWorked, false, name);
    assert.equal(releases.length, 1, name);
    assert.equal(clock.sleeperCount, 0, name);
  }
});

Deno.test("AgentRun.watch ends the run with the reason of the signal", () => {
  const { run, endings, release } = newRun();
  const controller = new AbortController();
  run.watch(controller.signal);
  run.begin(release);
  controller.abort("enough");
  assert.deepEqual(endings, [{ kind: "cancelled", reason: "enough" }]);
});

Deno.test("AgentRun no longer listens to a signal once it has ended", async () => {
  const { run, clock, answer, release } = newRun();
  const { signal } = new AbortController();
  const listening = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (...given: Parameters<typeof addEventListener>) => {
    listening.add(given[1]);
    addEventListener.apply(signal, given);
  };
  signal.removeEventListener = (...given: Parameters<typeof removeEventListener>) => {
    listening.delete(given[1]);
    removeEventListener.apply(signal, given);
  };
  run.watch(signal);
  run.begin(release);
  assert.equal(listening.size, 1);
  answer.resolve(1);
  await clock.advance(0);
  assert.equal(listening.size, 0);
});

Deno.test("AgentRun does not wait for work that ends with its signal", () => {
  const { run, abandoned, release } = newRun(undefined, true);
  run.begin(release);
  run.cancel("why");
  assert.equal(abandoned.length, 0);
});

Deno.test("AgentRun knows of work that goes on when the agent ended its own run", () => {
  const setup: Setup = newRun(() => {
    setup.run.cancel("by itself");
    return new Promise(() => {});
  });
  setup.run.begin(setup.release);
  assert.equal(setup.abandoned.length, 1);
  assert.equal(setup.endings.length, 1);
});

Deno.test("AgentRun that is over watches nothing any more", async () => {
  const { run, clock } = newRun();
  run.cancel("at once");
  await clock.advance(0);
  let listeners = 0;
  const { signal } = new AbortController();
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  run.watch(signal);
  assert.equal(listeners, 0);
});

Deno.test("AgentRun aborts in its user's context, whoever ends it", () => {
  const { run, release } = newRun();
  const heard: unknown[] = [];
  run.begin(release);
  run.signal.addEventListener("abort", () => heard.push(currentContext()?.userId));
  runInContext(contextOf("bob"), () => run.cancel("why"));
  assert.deepEqual(heard, ["ada"]);
});
