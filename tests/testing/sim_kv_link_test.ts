import assert from "node:assert/strict";
import { FakeClock } from "../../testing/fake_clock.ts";
import type { SimFate } from "../../testing/sim_fault_fate.ts";
import { type SimOpenOptions, SimStore } from "../../testing/sim_store.ts";
import { outcomeOf } from "./sim_kv_outcome.ts";

const KEY = ["k"];

/** What has become of one write, at once and after a second. */
const FATES: readonly {
  readonly fate: SimFate;
  readonly client: "local" | "connect";
  readonly now: string;
  readonly isAppliedNow: boolean;
  readonly later: string;
  readonly isAppliedLater: boolean;
  readonly faults: Readonly<Record<string, number>>;
}[] = [
  {
    fate: { kind: "done" },
    client: "local",
    now: "done",
    isAppliedNow: true,
    later: "done",
    isAppliedLater: true,
    faults: {},
  },
  {
    fate: { kind: "busy" },
    client: "local",
    now: "TypeError: database is locked",
    isAppliedNow: false,
    later: "TypeError: database is locked",
    isAppliedLater: false,
    faults: { busy: 1 },
  },
  {
    fate: { kind: "lostRequest" },
    client: "local",
    now: "Error: error sending request: connection refused",
    isAppliedNow: false,
    later: "Error: error sending request: connection refused",
    isAppliedLater: false,
    faults: { lostRequest: 1 },
  },
  {
    fate: { kind: "lostReply" },
    client: "local",
    now: "Error: error reading response: connection reset",
    isAppliedNow: true,
    later: "Error: error reading response: connection reset",
    isAppliedLater: true,
    faults: { lostReply: 1 },
  },
  {
    fate: { kind: "lostRequest" },
    client: "connect",
    now: "pending",
    isAppliedNow: false,
    later: "done",
    isAppliedLater: true,
    faults: { lostRequest: 1, retry: 1 },
  },
  {
    fate: { kind: "lostReply" },
    client: "connect",
    now: "pending",
    isAppliedNow: true,
    later: "done",
    isAppliedLater: true,
    faults: { lostReply: 1, retry: 1, repeatedWrite: 1 },
  },
  {
    fate: { kind: "zombie", delayMs: 500, isAnswered: false },
    client: "local",
    now: "pending",
    isAppliedNow: false,
    later: "pending",
    isAppliedLater: true,
    faults: { zombie: 1 },
  },
  {
    fate: { kind: "zombie", delayMs: 500, isAnswered: true },
    client: "connect",
    now: "pending",
    isAppliedNow: false,
    later: "done",
    isAppliedLater: true,
    faults: { zombie: 1 },
  },
  {
    fate: { kind: "hang" },
    client: "connect",
    now: "pending",
    isAppliedNow: false,
    later: "pending",
    isAppliedLater: false,
    faults: { hang: 1 },
  },
  {
    fate: { kind: "slow", byMs: 500 },
    client: "local",
    now: "pending",
    isAppliedNow: false,
    later: "done",
    isAppliedLater: true,
    faults: { slow: 1 },
  },
  {
    fate: { kind: "error", error: new TypeError("database or disk is full") },
    client: "local",
    now: "TypeError: database or disk is full",
    isAppliedNow: false,
    later: "TypeError: database or disk is full",
    isAppliedLater: false,
    faults: { error: 1 },
  },
];

for (const { fate, client, now, later, isAppliedNow, isAppliedLater, faults } of FATES) {
  const answered = fate.kind === "zombie" && fate.isAnswered ? " that is answered" : "";
  Deno.test(`SimKvLink deals out ${fate.kind}${answered} to a ${client} client`, async () => {
    const store = new SimStore();
    const kv = store.open({ client });
    kv.next(fate);
    const call = await outcomeOf(kv.set(KEY, 1));
    assert.equal(call.text, now);
    assert.equal(store.peek(KEY).versionstamp !== null, isAppliedNow);
    await store.time.advance(1_000);
    assert.equal(call.text, later);
    assert.equal(store.peek(KEY).versionstamp !== null, isAppliedLater);
    assert.deepEqual(Object.fromEntries(store.faultCounts), faults);
    const next = await outcomeOf(kv.set(KEY, 2));
    assert.equal(next.text, "done", "the fate was for one attempt");
  });
}

Deno.test("a connect client counts a sum again for each lost reply (T3)", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.next({ kind: "lostReply" }, { times: 4 });
  const call = await outcomeOf(kv.atomic().sum(["n"], 1n).commit());
  await store.time.advance(2_000);
  assert.equal(call.text, "done");
  assert.deepEqual(store.peek(["n"]).value, new Deno.KvU64(5n));
  assert.equal(store.faultCounts.get("repeatedWrite"), 4);
});

Deno.test("a connect client hears ok: false of a commit that won, when its first reply was lost (T2)", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.next({ kind: "lostReply" });
  const commit = kv.atomic().check({ key: KEY, versionstamp: null }).set(KEY, "mine").commit();
  const call = await outcomeOf(commit);
  await store.time.advance(301);
  assert.deepEqual(call.value, { ok: false });
  assert.equal(store.peek(KEY).value, "mine");
  assert.equal(store.faultCounts.get("falseRefusal"), 1);
});

Deno.test("a connect client tries again every 200 to 300 ms for ever (T4)", async () => {
  const store = new SimStore({ faults: { lostRequest: 1 } });
  const kv = store.open({ client: "connect" });
  const call = await outcomeOf(kv.get(KEY));
  await store.time.advance(60_000);
  assert.equal(call.text, "pending");
  const retries = store.faultCounts.get("retry")!;
  assert.ok(retries > 60_000 / 300 - 1 && retries < 60_000 / 200 + 1, `${retries}`);
  store.faults = {};
  await store.time.advance(301);
  assert.equal(call.text, "done");
});

const CUTS = [
  { cut: "requests", text: "Error: error sending request: connection refused", isApplied: false },
  { cut: "replies", text: "Error: error reading response: connection reset", isApplied: true },
  { cut: "both", text: "Error: error sending request: connection refused", isApplied: false },
] as const;

for (const { cut, text, isApplied } of CUTS) {
  for (const latency of [undefined, { minMs: 10, maxMs: 10 }]) {
    const how = latency ? "on the way" : "at once";
    Deno.test(`SimKvLink loses what is cut (${cut}, ${how}), until it is healed`, async () => {
      const store = new SimStore({ ...(latency && { faults: { latency } }) });
      const kv = store.open();
      const other = store.open({ faults: {} });
      const early = latency ? await outcomeOf(kv.set(["early"], 1)) : undefined;
      kv.cut = cut;
      const call = await outcomeOf(kv.set(KEY, 1));
      await store.time.advance(20);
      assert.equal(call.text, text);
      if (early) assert.equal(early.text, text);
      assert.ok(store.faultCounts.get("cut")! >= 1);
      assert.equal(store.peek(KEY).value === 1, isApplied);
      assert.equal((await other.set(["other"], 1)).ok, true);
      kv.cut = "none";
      const healed = await outcomeOf(kv.set(KEY, 2));
      await store.time.advance(20);
      assert.equal(healed.text, "done");
    });
  }
}

const PASSING_CUTS = [
  { cut: "requests", fromMs: 0, untilMs: 2, isApplied: false },
  { cut: "replies", fromMs: 4, untilMs: 6, isApplied: true },
] as const;

for (const { cut, fromMs, untilMs, isApplied } of PASSING_CUTS) {
  Deno.test(`what is sent while ${cut} are cut stays lost when that is healed on its way`, async () => {
    const latency = { minMs: 10, maxMs: 10 };
    const store = new SimStore({ random: () => 0.5, faults: { latency } });
    const kv = store.open();
    if (fromMs === 0) kv.cut = cut;
    const call = await outcomeOf(kv.set(KEY, 1));
    await store.time.advance(fromMs);
    kv.cut = cut;
    await store.time.advance(untilMs - fromMs);
    kv.cut = "none";
    await store.time.advance(20);
    assert.match(call.text, /^Error: error/);
    assert.equal(store.peek(KEY).value === 1, isApplied);
  });
}

Deno.test("a connect client gets through as soon as the partition is healed", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  kv.cut = "both";
  const call = await outcomeOf(kv.set(KEY, 1));
  await store.time.advance(5_000);
  assert.equal(call.text, "pending");
  kv.heal();
  await store.time.advance(301);
  assert.equal(call.text, "done");
});

Deno.test("latency is between its bounds, and answers come out of order", async () => {
  const latency = { minMs: 10, maxMs: 100 };
  const store = new SimStore({ faults: { latency } });
  const kv = store.open();
  const answered: { readonly call: number; readonly atMs: number }[] = [];
  for (let call = 0; call < 30; call++) {
    void kv.get(KEY).then(() => answered.push({ call, atMs: store.time.nowMs }));
  }
  await store.time.advance(9.9);
  assert.equal(answered.length, 0);
  await store.time.advance(100);
  assert.equal(answered.length, 30);
  assert.ok(answered.every(({ atMs }) => atMs >= 10 && atMs <= 100));
  const order = answered.map(({ call }) => call);
  assert.notDeepEqual(order, order.toSorted((a, b) => a - b));
});

Deno.test("a heavy tail takes up to its longest, and is reported", async () => {
  const latency = { minMs: 1, maxMs: 2, heavyTailShare: 1, heavyTailMaxMs: 1_000 };
  const store = new SimStore({ faults: { latency } });
  const call = await outcomeOf(store.open().get(KEY));
  await store.time.advance(2);
  assert.equal(call.text, "pending");
  await store.time.advance(998);
  assert.equal(call.text, "done");
  assert.equal(store.faultCounts.get("slow"), 1);
});

Deno.test("without faults a call is answered without any event of true time", async () => {
  const store = new SimStore();
  const kv = store.open({ client: "connect" });
  await kv.set(KEY, 1);
  for await (const _entry of kv.list({ prefix: [] })) await kv.get(KEY);
  await kv.watch([KEY]).getReader().read();
  assert.equal(store.time.steps, 0);
});

Deno.test("an outage throws to local clients, while the others wait for its end", async () => {
  const store = new SimStore();
  const [local, connect] = [store.open(), store.open({ client: "connect" })];
  store.stop();
  assert.equal(store.isUp, false);
  assert.equal((await outcomeOf(local.set(KEY, 1))).text, "TypeError: disk I/O error");
  const waiting = await outcomeOf(connect.set(KEY, 2));
  await store.time.advance(5_000);
  assert.equal(waiting.text, "pending");
  assert.equal(store.peek(KEY).value, null);
  store.start();
  await store.time.advance(301);
  assert.equal(waiting.text, "done");
  assert.equal((await outcomeOf(local.get(KEY))).text, "done");
  assert.ok(store.faultCounts.get("outage")! > 10);
});

Deno.test("a connect client gives the store's errors as text of its own", async () => {
  const store = new SimStore({ limits: "denokv" });
  const kv = store.open({ client: "connect" });
  const operation = kv.atomic();
  for (let i = 0; i < 11; i++) operation.check({ key: ["k", i], versionstamp: null });
  assert.match(
    (await outcomeOf(operation.commit())).text,
    /^Error: KV Connect failed to call .*status=400 Bad Request\): Too many checks included in atomic write\.$/,
  );
  await assert.rejects(kv.set([], 1), { name: "TypeError", message: "key cannot be empty" });
});

const FROZEN: readonly {
  readonly client: NonNullable<SimOpenOptions["client"]>;
  readonly isApplied: boolean;
}[] = [{ client: "local", isApplied: false }, { client: "connect", isApplied: true }];

for (const { client, isApplied } of FROZEN) {
  Deno.test(`a frozen ${client} process hears nothing until it is thawed`, async () => {
    const store = new SimStore({ faults: { latency: { minMs: 10, maxMs: 10 } } });
    const clock = new FakeClock({ time: store.time });
    const kv = store.open({ client, clock });
    const call = await outcomeOf(kv.set(KEY, 1));
    clock.halt();
    await store.time.advance(1_000);
    assert.equal(call.text, "pending");
    assert.equal(store.peek(KEY).value === 1, isApplied);
    clock.thaw();
    await store.time.advance(10);
    assert.equal(call.text, "done");
    assert.equal(store.peek(KEY).value, 1);
  });
}

Deno.test("planned fates are taken in order, each by calls of its side", async () => {
  const store = new SimStore();
  const kv = store.open();
  kv.next({ kind: "busy" }, { on: "commit" });
  kv.next({ kind: "lostRequest" }, { on: "read" });
  assert.match((await outcomeOf(kv.get(KEY))).text, /sending request/);
  assert.match((await outcomeOf(kv.delete(KEY))).text, /locked/);
  kv.next({ kind: "hang" }, { times: 9 });
  kv.heal();
  assert.equal((await outcomeOf(kv.get(KEY))).text, "done");
});

Deno.test("the same seed gives the same faults", async () => {
  const run = async () => {
    const seen: string[] = [];
    const faults = { busy: 0.2, lostReply: 0.2, hang: 0.1, latency: { minMs: 1, maxMs: 9 } };
    const store = new SimStore({
      faults,
      onFault: ({ kind, atMs, operation, key }) => seen.push(`${kind} ${atMs} ${operation} ${key}`),
    });
    const kv = store.open();
    for (let i = 0; i < 100; i++) void kv.set(["k", i], i).catch(() => {});
    await store.time.advance(100);
    return seen;
  };
  const first = await run();
  assert.ok(first.length > 30);
  assert.deepEqual(await run(), first);
});
