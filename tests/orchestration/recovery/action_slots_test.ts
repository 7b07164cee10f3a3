import assert from "node:assert/strict";
import { RecoveryTrigger } from "../../../enums/recovery_trigger.ts";
import { ActionSlots, turnPriority } from "../../../orchestration/recovery/action_slots.ts";
import { aCause } from "./recovery_fixtures.ts";

const STAY = { signal: new AbortController().signal };

/** Asks for a turn, and notes when it comes. */
function queue(slots: ActionSlots, turns: string[]) {
  const releases = new Map<string, () => void>();
  const ask = (name: string, action?: string, priority?: number) =>
    void slots.acquire(action ?? name, { ...STAY, ...priority && { priority } }).then((release) => {
      turns.push(name);
      releases.set(name, release);
    });
  return { ask, release: (name: string) => releases.get(name)!() };
}

/** Promise reactions only: there is no timer in a queue. */
async function turn(): Promise<void> {
  for (let i = 0; i < 10; i++) await null;
}

Deno.test("ActionSlots lets as many run at once as there may, in the order of asking", async () => {
  const turns: string[] = [];
  const slots = new ActionSlots(() => 2);
  const { ask, release } = queue(slots, turns);
  assert.equal(slots.placeOf("a"), 0);
  for (const name of ["a", "b", "c", "d"]) ask(name);
  await turn();
  assert.deepEqual(turns, ["a", "b"]);
  assert.deepEqual(slots.running, ["a", "b"]);
  assert.equal(slots.placeOf("e"), 3);
  release("b");
  release("b");
  await turn();
  assert.deepEqual(turns, ["a", "b", "c"]);
  assert.deepEqual(slots.running, ["a", "c"]);
  release("a");
  release("c");
  await turn();
  release("d");
  assert.deepEqual(turns, ["a", "b", "c", "d"]);
  assert.deepEqual(slots.running, []);
});

Deno.test("ActionSlots lets others past an action that is running already", async () => {
  const turns: string[] = [];
  const slots = new ActionSlots(() => 2);
  const { ask, release } = queue(slots, turns);
  ask("a1", "__proto__");
  ask("a2", "__proto__");
  assert.equal(slots.placeOf("b"), 0);
  assert.equal(slots.placeOf("__proto__"), 2);
  ask("b");
  ask("c");
  await turn();
  assert.deepEqual(turns, ["a1", "b"]);
  release("a1");
  await turn();
  assert.deepEqual(turns, ["a1", "b", "a2"]);
  release("b");
  await turn();
  assert.deepEqual(turns, ["a1", "b", "a2", "c"]);
  for (const name of ["a2", "c"]) release(name);
});

Deno.test("ActionSlots starves nobody while others keep coming", async () => {
  const turns: string[] = [];
  const slots = new ActionSlots(() => 1);
  const { ask, release } = queue(slots, turns);
  ask("a");
  ask("waits");
  await turn();
  for (let i = 0; i < 5; i++) {
    ask(`n${i}`);
    release(turns.at(-1)!);
    await turn();
  }
  assert.deepEqual(turns, ["a", "waits", "n0", "n1", "n2", "n3"]);
  release("n3");
  await turn();
  release("n4");
  assert.deepEqual(slots.running, []);
});

Deno.test("ActionSlots lets the most important go first, of those the one that came first", async () => {
  const turns: string[] = [];
  const slots = new ActionSlots(() => 1);
  const { ask, release } = queue(slots, turns);
  ask("first");
  await turn();
  const priorities = { mild: 0.2, severe: 0.9, alike: 0.9, none: undefined, asked: Infinity };
  for (const [name, priority] of Object.entries(priorities)) ask(name, name, priority);
  assert.equal(slots.placeOf("other"), 6, "each counts for the place, whatever its priority");
  for (let i = 0; i < 6; i++) {
    await turn();
    release(turns.at(-1)!);
  }
  assert.deepEqual(turns, ["first", "asked", "severe", "alike", "mild", "none"]);
});

Deno.test("turnPriority puts people first, then goes by severity", () => {
  const priority = (trigger: RecoveryTrigger, severity: number) =>
    turnPriority(aCause({ trigger, severity }));
  const { ANOMALY, HEALTH_CHECK, MANUAL_TRIGGER } = RecoveryTrigger;
  assert.ok(priority(MANUAL_TRIGGER, 0) > priority(HEALTH_CHECK, 1));
  assert.ok(priority(ANOMALY, 0.9) > priority(ANOMALY, 0.8));
  assert.equal(priority(ANOMALY, 1), priority(HEALTH_CHECK, 1));
});

Deno.test("ActionSlots heeds a bound that is changed while it works", async () => {
  const turns: string[] = [];
  let max = 3;
  const slots = new ActionSlots(() => max);
  const { ask, release } = queue(slots, turns);
  for (const name of ["a", "b", "c", "d"]) ask(name);
  await turn();
  max = 1;
  release("a");
  release("b");
  await turn();
  assert.deepEqual(slots.running, ["c"]);
  release("c");
  await turn();
  assert.deepEqual(slots.running, ["d"]);
  ask("e");
  await turn();
  max = 2;
  ask("f");
  await turn();
  assert.deepEqual(turns.slice(-2), ["d", "e"], "who waits goes before who comes");
  release("d");
  await turn();
  assert.deepEqual(turns.at(-1), "f");
  for (const name of ["e", "f"]) release(name);
});

Deno.test("ActionSlots ends a wait with its signal, and nobody else's", async () => {
  const slots = new ActionSlots(() => 1);
  const release = await slots.acquire("a", STAY);
  const ended = new AbortController();
  const given = slots.acquire("b", { signal: ended.signal });
  const other = slots.acquire("c", STAY);
  ended.abort(new Error("enough"));
  await assert.rejects(given, { message: "enough" });
  assert.equal(slots.placeOf("d"), 2);
  release();
  (await other)();
  assert.deepEqual(slots.running, []);
  await assert.rejects(slots.acquire("d", { signal: ended.signal }), { message: "enough" });
  assert.deepEqual(slots.running, []);
});

Deno.test("ActionSlots keeps the turn of one whose signal ends just after it came", async () => {
  const slots = new ActionSlots(() => 1);
  const release = await slots.acquire("a", STAY);
  const ended = new AbortController();
  const next = slots.acquire("b", { signal: ended.signal });
  release();
  ended.abort(new Error("too late"));
  const releaseNext = await next;
  assert.deepEqual(slots.running, ["b"]);
  releaseNext();
  assert.deepEqual(slots.running, []);
});
