import assert from "node:assert/strict";
import { reportSelf, type SelfReportOptions } from "../../coordination/self_report.ts";
import type { HealthSource, HealthState } from "../../health/health_state.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const monitor = (answer: () => unknown): HealthSource => ({
  getComprehensiveState: answer as () => Promise<HealthState>,
});
const saying = (state: unknown) => monitor(() => Promise.resolve(state));

function report(options: Partial<SelfReportOptions>) {
  return reportSelf({
    healthMonitor: undefined,
    ownMode: () => undefined,
    timeoutMs: 100,
    clock: new FakeClock(),
    ...options,
  });
}

Deno.test("reportSelf counts a node without a monitor as well, in the mode it chose", async () => {
  assert.deepEqual(await report({}), {
    healthScore: 1,
    vote: { circuit_breaker_state: "UNKNOWN", fallback_mode: "PRIMARY" },
    state: null,
    fault: null,
  });
  const { vote } = await report({ ownMode: () => "safe" });
  assert.equal(vote?.fallback_mode, "SAFE");
});

Deno.test("reportSelf votes as the document says, canonically (F21)", async () => {
  const cases: { name: string; state: HealthState; own?: string; vote: [string, string] }[] = [
    { name: "nothing known", state: {}, vote: ["UNKNOWN", "PRIMARY"] },
    {
      name: "lower case",
      state: { circuit_breaker: { state: "half_open" }, fallback: { mode: "heuristic" } },
      vote: ["HALF_OPEN", "HEURISTIC"],
    },
    {
      name: "a breaker that could not be read",
      state: { circuit_breaker: { state: "ERROR" } },
      vote: ["UNKNOWN", "PRIMARY"],
    },
    {
      name: "the mode the document would choose counts before the node's own",
      state: { fallback: { mode: "SAFE" } },
      own: "PRIMARY",
      vote: ["UNKNOWN", "SAFE"],
    },
    { name: "the node's own mode counts else", state: {}, own: "SAFE", vote: ["UNKNOWN", "SAFE"] },
  ];
  for (const { name, state, own, vote } of cases) {
    const found = await report({ healthMonitor: saying(state), ownMode: () => own });
    const [circuit_breaker_state, fallback_mode] = vote;
    assert.deepEqual(found.vote, { circuit_breaker_state, fallback_mode }, name);
    assert.deepEqual(found.state, state, name);
    assert.equal(found.fault, null, name);
  }
});

Deno.test("reportSelf copies the document", async () => {
  const state = { components: { db: { ok: true } } };
  const found = await report({ healthMonitor: saying(state) });
  state.components.db.ok = false;
  assert.deepEqual(found.state, { components: { db: { ok: true } } });
});

Deno.test("reportSelf abstains when the node cannot say how it is, and says why (F13)", async () => {
  const throws = (thrown: unknown) =>
    monitor(() => {
      throw thrown;
    });
  const circular: Record<string, unknown> = {};
  circular["self"] = circular;
  const cases: { name: string; options: Partial<SelfReportOptions>; fault: RegExp }[] = [
    {
      name: "rejects",
      options: { healthMonitor: monitor(() => Promise.reject(new Error("down"))) },
      fault: /^health: Error: down$/,
    },
    {
      name: "throws",
      options: { healthMonitor: throws(new TypeError("bug")) },
      fault: /^health: TypeError: bug$/,
    },
    {
      name: "throws a symbol",
      options: { healthMonitor: throws(Symbol("x")) },
      fault: /^health: /,
    },
    {
      name: "throws an object without prototype",
      options: { healthMonitor: throws(Object.create(null)) },
      fault: /^health: /,
    },
    { name: "answers null", options: { healthMonitor: saying(null) }, fault: /^health: TypeError/ },
    {
      name: "answers undefined",
      options: { healthMonitor: saying(undefined) },
      fault: /^health: TypeError/,
    },
    {
      name: "is no monitor",
      options: { healthMonitor: {} as HealthSource },
      fault: /^health: TypeError/,
    },
    {
      name: "answers a circle",
      options: { healthMonitor: saying(circular) },
      fault: /^health: TypeError/,
    },
    {
      name: "answers a bigint",
      options: { healthMonitor: saying({ uptime_seconds: 1n }) },
      fault: /^health: TypeError/,
    },
    {
      name: "a foreign circuit state",
      options: { healthMonitor: saying({ circuit_breaker: { state: "AJAR" } }) },
      fault:
        /^health: TypeError: circuit_breaker\.state must be one of CLOSED, HALF_OPEN, OPEN, UNKNOWN, got "AJAR"$/,
    },
    {
      name: "a foreign mode",
      options: { healthMonitor: saying({ fallback: { mode: "TURBO" } }) },
      fault:
        /^health: TypeError: fallback\.mode must be one of PRIMARY, HEURISTIC, SAFE, got "TURBO"$/,
    },
    {
      name: "a foreign mode of its own",
      options: { ownMode: () => "TURBO" },
      fault: /fallback\.mode/,
    },
    {
      name: "a keeper that breaks",
      options: {
        ownMode: () => {
          throw new Error("broken");
        },
      },
      fault: /^health: Error: broken$/,
    },
  ];
  for (const { name, options, fault } of cases) {
    const found = await report(options);
    assert.deepEqual([found.healthScore, found.vote, found.state], [null, null, null], name);
    assert.match(found.fault ?? "", fault, name);
  }
});

Deno.test("reportSelf abstains when the monitor does not answer in time, and leaves no timer behind", async () => {
  const clock = new FakeClock();
  const asked = report({ healthMonitor: monitor(() => new Promise(() => {})), clock });
  await clock.advance(100);
  assert.equal((await asked).fault, "health: DeadlineError: no answer within 100 ms");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("reportSelf votes but leaves out a document that would crowd out the rest of the commit", async () => {
  const state = { system: { status: "FAILED" }, components: { text: "x".repeat(16_384) } };
  const found = await report({ healthMonitor: saying(state) });
  assert.equal(found.vote?.circuit_breaker_state, "UNKNOWN");
  assert.equal(found.healthScore, 0.3);
  assert.equal(found.state, null);
  assert.equal(found.fault, "the health document is longer than 16384 characters");
});

Deno.test("reportSelf carries nothing that is larger in the store than it looks as JSON", async () => {
  const sizes = {
    buffer: new ArrayBuffer(100_000),
    map: new Map([["text", "x".repeat(100_000)]]),
    text: "ж".repeat(8_000),
  };
  const found = await report({ healthMonitor: saying({ components: sizes }) });
  using kv = await Deno.openKv(":memory:");
  assert.ok((await kv.set(["state"], found.state)).ok);
});
