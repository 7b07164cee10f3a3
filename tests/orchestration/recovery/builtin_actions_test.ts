import assert from "node:assert/strict";
import {
  builtinActions,
  type BuiltinParts,
} from "../../../orchestration/recovery/builtin_actions.ts";
import type { RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import type {
  RecoveryBreaker,
  RecoveryFallback,
} from "../../../orchestration/recovery/recovery_environment.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { aContext } from "./recovery_fixtures.ts";

const NOTHING: BuiltinParts = {
  fallbackManager: null,
  stateMachine: null,
  healthMonitor: null,
  breakers: new Map(),
  caches: [],
  notifiers: () => [],
  node: () => "node-1",
  clock: new FakeClock(),
};

async function run(name: string, parts: Partial<BuiltinParts>, params: object = {}) {
  const action = builtinActions({ ...NOTHING, ...parts }).get(name);
  assert.ok(action, `there is no ${name}`);
  return await action.run(aContext({ action: name, params: params as Record<string, unknown> }));
}

function fallback(outcome: object): RecoveryFallback & { asked: unknown[] } {
  const asked: unknown[] = [];
  const requestMode = (...given: unknown[]) => (asked.push(given), outcome);
  return { asked, requestMode } as unknown as RecoveryFallback & { asked: unknown[] };
}

function breaker(kind: string, close: () => void): RecoveryBreaker {
  return { state: { kind }, close, open: () => {} } as unknown as RecoveryBreaker;
}

Deno.test("builtinActions makes only what there are parts for", () => {
  const names = (parts: Partial<BuiltinParts>) => [
    ...builtinActions({ ...NOTHING, ...parts }).keys(),
  ];
  const getCurrentPhase = () => "CRUISE";
  assert.deepEqual(names({}), ["alert_ground"]);
  assert.deepEqual(names({ caches: [new Map()] }), ["cache_purge", "alert_ground"]);
  assert.deepEqual(names({ breakers: new Map([["b", breaker("open", () => {})]]) }), [
    "circuit_restart",
    "alert_ground",
  ]);
  assert.deepEqual(names({ stateMachine: { getCurrentPhase } }), ["alert_ground"]);
  assert.deepEqual(names({ stateMachine: { getCurrentPhase, forceSafeMode: () => {} } }), [
    "enter_safe_mode",
    "alert_ground",
  ]);
  assert.deepEqual(names({ fallbackManager: fallback({ kind: "in_force" }) }), [
    "safe_mode",
    "enter_safe_mode",
    "alert_ground",
  ]);
});

Deno.test("builtinActions has only those looked at that are meant to make something well", () => {
  const made = builtinActions({
    ...NOTHING,
    caches: [new Map()],
    breakers: new Map([["b", breaker("open", () => {})]]),
    fallbackManager: fallback({ kind: "in_force" }),
    healthMonitor: { getComprehensiveState: () => Promise.resolve({}) },
  });
  assert.deepEqual(Object.fromEntries([...made].map(([name, { verify }]) => [name, verify])), {
    circuit_restart: null,
    cache_purge: null,
    safe_mode: false,
    enter_safe_mode: false,
    alert_ground: false,
    log_detailed_state: false,
  });
});

Deno.test("circuit_restart closes what is not closed, each one although another fails", async () => {
  const closed: string[] = [];
  const breakers = new Map([
    [
      "broken",
      breaker("OPEN", () => {
        throw new Error("stuck");
      }),
    ],
    ["open", breaker("OPEN", () => closed.push("open"))],
    ["half", breaker("HALF_OPEN", () => closed.push("half"))],
    ["closed", breaker("CLOSED", () => closed.push("closed"))],
  ]);
  await assert.rejects(run("circuit_restart", { breakers }), { message: "stuck" });
  assert.deepEqual(closed, ["open", "half"]);
  breakers.delete("broken");
  assert.equal(await run("circuit_restart", { breakers }), "closed open, half");
  const one = new Map([["closed", breakers.get("closed")!]]);
  assert.equal(await run("circuit_restart", { breakers: one }), "none was open");
});

Deno.test("cache_purge empties all caches, each one although another fails", async () => {
  const full = new Map([[1, 2]]);
  const broken = { clear: () => Promise.reject(new Error("busy")) };
  await assert.rejects(run("cache_purge", { caches: [broken, full] }), { message: "busy" });
  assert.equal(full.size, 0);
  assert.equal(await run("cache_purge", { caches: [full, new Set([1])] }), "emptied 2 caches");
});

Deno.test("safe_mode asks for the mode for as long as its step says", async () => {
  const fallbackManager = fallback({ kind: "in_force", mode: "SAFE", changed: true });
  assert.equal(await run("safe_mode", { fallbackManager }), "safe for 600 s");
  await run("enter_safe_mode", { fallbackManager }, { hold_seconds: 5 });
  const reason = aContext().reason;
  assert.deepEqual(fallbackManager.asked, [
    ["SAFE", { owner: "recovery", reason, holdMs: 600_000 }],
    ["SAFE", { owner: "recovery", reason, holdMs: 5_000 }],
  ]);
  for (const hold of ["5", 0, -1, NaN, true]) {
    await assert.rejects(run("safe_mode", { fallbackManager }, { hold_seconds: hold }), RangeError);
  }
});

Deno.test("safe_mode fails when another owner keeps its mode", async () => {
  const outranked = { kind: "outranked", by: "operator", mode: "PRIMARY", reason: "test" };
  await assert.rejects(run("safe_mode", { fallbackManager: fallback(outranked) }), {
    message: "operator keeps mode PRIMARY: test",
  });
});

Deno.test("enter_safe_mode is done by the state machine, whose failure is a failure", async () => {
  const machine = {
    forced: 0,
    getCurrentPhase: () => "CRUISE",
    forceSafeMode() {
      this.forced++;
    },
  };
  const fallbackManager = fallback({ kind: "in_force" });
  await run("enter_safe_mode", { stateMachine: machine, fallbackManager });
  assert.deepEqual([machine.forced, fallbackManager.asked.length], [1, 0]);
  const failing = [
    () => {
      throw new Error("jammed");
    },
    () => Promise.reject(new Error("jammed")),
  ];
  for (const forceSafeMode of failing) {
    const stateMachine = { getCurrentPhase: () => "CRUISE", forceSafeMode };
    await assert.rejects(run("enter_safe_mode", { stateMachine }), { message: "jammed" });
  }
});

Deno.test("alert_ground tells everybody, and fails when one was not told", async () => {
  const told: RecoveryNotice[] = [];
  const good = { notify: (notice: RecoveryNotice) => void told.push(notice) };
  const bad = {
    notify: () => {
      throw new Error("no line");
    },
  };
  const params = { message: "Lost signal", channel: "operations", priority: "high" };
  assert.equal(await run("alert_ground", { notifiers: () => [good] }, params), null);
  const { text, channel, priority, kind, node, cause, details } = told[0]!;
  assert.deepEqual({ text, channel, priority, kind, node, cause, details }, {
    text: "Lost signal",
    channel: "operations",
    priority: "high",
    kind: "alert",
    node: "node-1",
    cause: "comm_fault",
    details: { reason: aContext().reason, severity: 0.9 },
  });
  await assert.rejects(run("alert_ground", { notifiers: () => [bad, good] }, params), {
    message: "no line",
  });
  assert.equal(told.length, 2);
});

Deno.test("alert_ground says the reason where its step says nothing, also when nobody is there", async () => {
  const told: RecoveryNotice[] = [];
  const notifiers = () => [{ notify: (notice: RecoveryNotice) => void told.push(notice) }];
  for (const params of [{}, { message: "", channel: "" }, { message: 5, priority: null }]) {
    await run("alert_ground", { notifiers }, params);
  }
  for (const { text, channel, priority } of told) {
    assert.deepEqual([text, channel, priority], [aContext().reason, null, null]);
  }
  assert.equal(told.length, 3);
  assert.equal(await run("alert_ground", {}), "logged: there is no notifier");
});

Deno.test("log_detailed_state reports the health document, or why there is none", async () => {
  const state = { system: { status: "HEALTHY" } };
  const healthMonitor = { getComprehensiveState: () => Promise.resolve(state) };
  assert.equal(await run("log_detailed_state", { healthMonitor }), JSON.stringify(state));
  const blind = { getComprehensiveState: () => Promise.reject(new Error("blind")) };
  await assert.rejects(run("log_detailed_state", { healthMonitor: blind }), { message: "blind" });
});
