/** What the real client and the real server make of limits, lost replies, retries and deadlines. */
import assert from "node:assert/strict";
import { LeaderElection, openKv } from "@baton/orchestration/coordination";
import { systemClock } from "@baton/orchestration/clock";
import { KvRunStore, RunStoreUnavailableError } from "@baton/orchestration/engines";
import { KvStore } from "../../coordination/kv_store.ts";
import type { WriteBatch } from "../../coordination/write_batch.ts";
import type { TcpProxy } from "../support/tcp_proxy.ts";
import { testOnServer } from "./remote_store.ts";

const LEASE_MS = 2_000;
/** The client sends again after 200 to 300 ms: several times within this. */
const TIMEOUT_MS = 5_000;
const LOST_REPLIES = 3;
const COUNTER = ["counter"];

/** Runs what needs an open store on a line of its own. */
function testWithStore(
  name: string,
  fn: (store: KvStore, line: TcpProxy) => Promise<void>,
): void {
  testOnServer(name, async (remote) => {
    const line = remote.line();
    using kv = await openKv(line.url);
    await kv.get(["opened"]);
    await fn(new KvStore(kv, { clock: systemClock, random: Math.random }), line);
  });
}

/** A record that must not exist yet, with what is written beside it. */
function creation(key: Deno.KvKey, more: Partial<WriteBatch> = {}): WriteBatch {
  const nonce = crypto.randomUUID();
  return {
    checks: [{ key, versionstamp: null }],
    sets: [{ key, value: { nonce } }],
    witness: { key, nonce },
    ...more,
  };
}

async function counted(store: KvStore): Promise<bigint> {
  return ((await store.kv.get<Deno.KvU64>(COUNTER)).value ?? new Deno.KvU64(0n)).value;
}

testWithStore("a commit whose reply was lost is told from a refusal", async (store, line) => {
  line.dropReplies(1);
  const bare = await store.kv.atomic().check({ key: ["bare"], versionstamp: null })
    .set(["bare"], "mine").commit();
  assert.equal(bare.ok, false, "the client's own retry failed its own check");
  assert.equal((await store.kv.get(["bare"])).value, "mine");

  line.dropReplies(1);
  const outcome = await store.commit(creation(["witnessed"]), { timeoutMs: TIMEOUT_MS });
  assert.equal(outcome.kind, "committed");
  assert.equal(store.getMetrics().recovered, 1);
  assert.equal(line.counts.droppedReplies, 2);
});

testWithStore("a commit that is beaten while its reply is lost is refused", async (store, line) => {
  await store.kv.set(["taken"], { nonce: "another" });
  line.dropReplies(1);
  const outcome = await store.commit(creation(["taken"]), { timeoutMs: TIMEOUT_MS });
  assert.equal(outcome.kind, "refused");
  assert.equal(store.getMetrics().recovered, 0);
});

testWithStore(
  "a commit that hears no reply stays unknown, though it happened",
  async (store, line) => {
    line.hold("replies");
    const sentAtMs = performance.now();
    const outcome = await store.commit(creation(["dark"]), { timeoutMs: 500 });
    const tookMs = performance.now() - sentAtMs;
    line.pass();
    assert.equal(outcome.kind, "unknown");
    assert.ok(tookMs >= 500 && tookMs < 1_000, `it took ${tookMs} ms`);
    assert.notEqual((await store.kv.get(["dark"])).value, null);
  },
);

testWithStore("a commit that was given up can still happen later", async (store, line) => {
  line.hold("requests");
  const outcome = await store.commit(creation(["late"]), { timeoutMs: 300 });
  assert.equal(outcome.kind, "unknown");
  line.pass();
  const entry = await untilThere(store.kv, ["late"]);
  assert.notEqual(entry.versionstamp, null);
});

testWithStore("a sum that nothing guards is counted once for each reply", async (store, line) => {
  line.dropReplies(LOST_REPLIES);
  const { ok } = await store.kv.atomic().sum(COUNTER, 1n).commit();
  assert.equal(ok, true);
  assert.equal(await counted(store), BigInt(LOST_REPLIES + 1));
});

testWithStore("a sum beside a record that must be absent is counted once", async (store, line) => {
  const before = line.counts.requests;
  line.dropReplies(LOST_REPLIES);
  const sums = [{ key: COUNTER, amount: 1n }];
  const outcome = await store.commit(creation(["vote"], { sums }), { timeoutMs: TIMEOUT_MS });
  assert.equal(outcome.kind, "committed");
  assert.equal(store.getMetrics().recovered, 1);
  const readBack = 1;
  assert.equal(line.counts.requests - before, 1 + LOST_REPLIES + readBack, "each loss is a retry");
  assert.equal(await counted(store), 1n);
});

testWithStore("ten checks are taken and eleven are not", async (store) => {
  assert.equal(await store.maxChecks({ timeoutMs: 1_000 }), 10);
});

testOnServer("more leases than the server takes checks are all kept", async (remote) => {
  const { url } = remote.line();
  using kv = await openKv(url);
  const elections = Array.from({ length: 25 }, (_, i) => (
    new LeaderElection({ kv, name: `lease-${i}`, storePath: url, leaseMs: LEASE_MS })
  ));
  const terms = await Promise.all(elections.map((election) => election.tryAcquire()));
  await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
  assert.equal(terms.filter((term) => term?.isValid()).length, 25);
  await Promise.all(elections.map((election) => election[Symbol.asyncDispose]()));
});

testOnServer("a holder that loses every reply ends its term, and is followed", async (remote) => {
  const [deafLine, otherLine] = [remote.line(), remote.line()];
  using deafKv = await openKv(deafLine.url);
  using otherKv = await openKv(otherLine.url);
  const common = { name: "deaf", leaseMs: LEASE_MS };
  await using deaf = new LeaderElection({ ...common, kv: deafKv, storePath: deafLine.url });
  await using other = new LeaderElection({ ...common, kv: otherKv, storePath: otherLine.url });
  const first = await deaf.campaign();
  const next = other.campaign({ signal: AbortSignal.timeout(10 * LEASE_MS) });
  deafLine.dropReplies();
  const deafSinceMs = performance.now();
  // Its client sends the last renewals again all the time, and must not keep others waiting by that.
  assert.ok((await next).term > first.term);
  const tookMs = performance.now() - deafSinceMs;
  assert.ok(tookMs < 2 * LEASE_MS, `the next one came after ${tookMs} ms`);
  assert.equal(first.isValid(), false);
  deafLine.pass();
  assert.equal((await first.atomic().set(["late"], 1).commit()).ok, false);
});

const RUN_KEY = ["run", "r-1"];
const RUN_CLAIM = {
  checks: [{ key: RUN_KEY, version: null }],
  sets: [{ key: RUN_KEY, value: "mine" }],
};

testWithStore("a change of runs whose reply was lost is known to be made", async ({ kv }, line) => {
  const runs = new KvRunStore({ kv });
  line.dropReplies(1);
  const version = await runs.commit(RUN_CLAIM);
  assert.notEqual(version, null);
  assert.equal((await runs.get(RUN_KEY))?.version, version);
  assert.equal(await runs.commit(RUN_CLAIM), null);
  assert.equal(line.counts.droppedReplies, 1);
});

testWithStore("a store of runs that is cut off is given up in time", async ({ kv }, line) => {
  const runs = new KvRunStore({ kv, timeoutMs: 500 });
  line.cut();
  const asks = [runs.get(RUN_KEY), runs.list(["run"], { limit: 1 }), runs.commit(RUN_CLAIM)];
  const startedAtMs = performance.now();
  for (const ask of await Promise.allSettled(asks)) {
    assert.ok(ask.status === "rejected" && ask.reason instanceof RunStoreUnavailableError);
  }
  const tookMs = performance.now() - startedAtMs;
  assert.ok(tookMs < TIMEOUT_MS, `it was given up after ${tookMs} ms`);
  line.pass();
  const again = new KvRunStore({ kv });
  await again.commit(RUN_CLAIM);
  assert.equal((await again.get(RUN_KEY))?.value, "mine");
});

async function untilThere(kv: Deno.Kv, key: Deno.KvKey): Promise<Deno.KvEntryMaybe<unknown>> {
  const until = performance.now() + TIMEOUT_MS;
  let entry = await kv.get(key);
  while (entry.versionstamp === null && performance.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    entry = await kv.get(key);
  }
  return entry;
}
