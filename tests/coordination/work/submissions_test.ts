import assert from "node:assert/strict";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import type { Term } from "../../../coordination/term.ts";
import type { Assigner, AssignOutcome, OrderCall } from "../../../coordination/work/assigner.ts";
import { Submissions, type SubmissionsOptions } from "../../../coordination/work/submissions.ts";
import { WorkUnacknowledgedError } from "../../../coordination/work/work_errors.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const order = resolveWorkItem({ id: "w", payload: 1 });
const TERM = { term: 1 } as Term;

type Assign = (call: OrderCall) => Promise<AssignOutcome>;

/** A node that leads; its assigner and its handovers do as they are told. */
function setUp(assign: Assign, handOver: () => Promise<string> = () => Promise.resolve("other")) {
  const clock = new FakeClock();
  const node: { term: Term | null } = { term: TERM };
  const givenUp: OrderCall[] = [];
  const asked = { leader: 0, others: 0 };
  const assigner: Pick<Assigner, "assign" | "giveUp"> = {
    assign: (_term, _order, { call } = {}) => {
      asked.leader++;
      return assign(call!);
    },
    giveUp: (call) => givenUp.push(call),
  };
  const ask = () => {
    asked.others++;
    return handOver();
  };
  const submissions = new Submissions({
    setting: { store: { clock }, timing: { attemptTimeoutMs: 100 } },
    assigner,
    handovers: { ask },
    term: () => node.term,
    random: () => 0.5,
  } as unknown as SubmissionsOptions);
  const submit = (timeoutMs: number = 1_000, signal: AbortSignal | undefined = undefined) =>
    submissions.submit(order, { untilMs: clock.monotonic() + timeoutMs, signal });
  return { clock, node, givenUp, asked, submit };
}

const assigned: Assign = () =>
  Promise.resolve({ kind: "assigned", assignee: "a", isNew: true } as const);
const unavailable = () => Promise.reject(new StoreUnavailableError("write", new Error("away")));

Deno.test("Submissions submit assigns while this node leads, and hands over while it does not", async () => {
  const { node, asked, givenUp, submit } = setUp(assigned);
  assert.equal(await submit(), "a");
  node.term = null;
  assert.equal(await submit(), "other");
  assert.deepEqual(asked, { leader: 1, others: 1 });
  assert.equal(givenUp.length, 2);
});

Deno.test("Submissions submit hands over when the term turns out to be over, and asks a new one", async () => {
  const { node, asked, submit } = setUp(() => Promise.resolve({ kind: "void" }));
  assert.equal(await submit(), "other");
  assert.deepEqual(asked, { leader: 1, others: 1 });
  const next = { term: 2 } as Term;
  const outcomes: AssignOutcome[] = [{ kind: "void" }, await assigned({} as OrderCall)];
  const again = setUp(() => {
    again.node.term = next;
    return Promise.resolve(outcomes.shift()!);
  });
  assert.equal(await again.submit(), "a");
  assert.deepEqual(again.asked, { leader: 2, others: 0 });
  assert.equal(node.term, TERM);
});

Deno.test("Submissions submit throws what refuses the order, or what the signal says", async () => {
  const refused = setUp(() => Promise.resolve({ kind: "refused", reason: "no_member" }));
  await assert.rejects(refused.submit(), { name: "WorkRefusedError", reason: "no_member" });
  const stop = new AbortController();
  const hung = setUp(() => new Promise(() => {}));
  const submitted = hung.submit(1_000, stop.signal);
  stop.abort(new Error("enough"));
  await assert.rejects(submitted, { message: "enough" });
  assert.deepEqual([refused.givenUp.length, hung.givenUp.length], [1, 1]);
  await assert.rejects(hung.submit(1_000, stop.signal), { message: "enough" });
  assert.equal(hung.asked.leader, 1);
});

Deno.test("Submissions submit asks again while the store is away, until its time is up", async () => {
  const { clock, asked, submit } = setUp(unavailable);
  const unacknowledged = { name: "WorkUnacknowledgedError", withdrawn: true, message: /away/ };
  const rejected = assert.rejects(submit(220), unacknowledged);
  await clock.advance(220);
  await rejected;
  assert.equal(asked.leader, 5, "every 50 ms");
});

Deno.test("Submissions submit says that an order is withdrawn only when nothing of it may stand", async () => {
  const withdrawn = () => Promise.reject(new WorkUnacknowledgedError("w", true));
  for (const mayStand of [false, true]) {
    const hung = setUp((call) => {
      call.mayStand = mayStand;
      return new Promise(() => {});
    });
    const late = assert.rejects(hung.submit(100), { withdrawn: !mayStand }, "on the leader");
    await hung.clock.advance(100);
    await late;
    const deposed = setUp((call) => {
      call.mayStand = mayStand;
      deposed.node.term = null;
      return unavailable();
    }, withdrawn);
    const handedOver = assert.rejects(deposed.submit(), { withdrawn: !mayStand }, "handed over");
    await deposed.clock.advance(50);
    await handedOver;
    assert.equal(deposed.asked.others, 1);
  }
});

Deno.test("Submissions submit refuses more calls than may wait in all, until some have ended", async () => {
  const never = () => new Promise<never>(() => {});
  const handOver = Promise.withResolvers<string>();
  const { clock, node, submit } = setUp(never, () => handOver.promise);
  const calls = Array.from({ length: 1_000 }, (_, i) => {
    node.term = i % 2 === 0 ? TERM : null;
    return submit(100).catch((error) => error.name);
  });
  node.term = TERM;
  await assert.rejects(submit(), { name: "WorkRefusedError", reason: "inbox_full", itemId: "w" });
  handOver.resolve("other");
  await Promise.all([calls[1], calls[999]]);
  const late = assert.rejects(submit(100), { name: "WorkUnacknowledgedError" });
  await clock.advance(100);
  await late;
  await Promise.all(calls);
});
