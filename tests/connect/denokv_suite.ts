/**
 * The cluster over KV Connect, against a real `denokv` server: `deno task test:connect`. It is a
 * suite of its own because it needs that server on PATH (`cargo install denokv --locked`).
 */
import assert from "node:assert/strict";
import { LeaderElection, openKv } from "@baton/orchestration/coordination";
import { systemClock } from "@baton/orchestration/clock";
import { KvStore } from "../../coordination/kv_store.ts";
import { DenokvServer } from "../support/denokv_server.ts";
import { MemberProcess } from "../support/member_process.ts";

const LEASE_MS = 2_000;

Deno.env.set("DENO_KV_ACCESS_TOKEN", DenokvServer.TOKEN);

function withServer(name: string, test: (server: DenokvServer) => Promise<void>): void {
  Deno.test({
    name: `over KV Connect ${name}`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const folder = await Deno.makeTempDir({ prefix: "baton-" });
      try {
        await using server = await DenokvServer.start(folder);
        await test(server);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

withServer("a killed leader is followed, and its writes stay in order", async ({ url }) => {
  await using a = new MemberProcess(url, "a", LEASE_MS);
  const first = await a.until(({ event }) => event === "elected");
  await using b = new MemberProcess(url, "b", LEASE_MS);
  await b.until(({ event }) => event === "started");
  a.kill("SIGKILL");
  const second = await b.until(({ event }) => event === "elected");
  assert.ok(second.term! > first.term!);
  using kv = await openKv(url);
  const writes = await Array.fromAsync(kv.list({ prefix: ["log"] }));
  writes.sort((x, y) => x.versionstamp < y.versionstamp ? -1 : 1);
  const terms = writes.map(({ key }) => key[1] as number);
  assert.deepEqual(terms, terms.toSorted((x, y) => x - y));
});

withServer("a leader that stops hands over in round trips, not leases", async ({ url }) => {
  const longLeaseMs = 20_000;
  await using a = new MemberProcess(url, "a", longLeaseMs);
  await a.until(({ event }) => event === "elected");
  await using b = new MemberProcess(url, "b", longLeaseMs);
  await b.until(({ event }) => event === "started");
  a.kill("SIGTERM");
  const lost = await a.until(({ event }) => event === "lost");
  const next = await b.until(({ event }) => event === "elected");
  assert.ok(next.atMs - lost.atMs < longLeaseMs / 4, `took ${next.atMs - lost.atMs} ms`);
});

withServer("an outage of three leases ends the term, and a leader comes back", async (server) => {
  await using a = new MemberProcess(server.url, "a", LEASE_MS);
  const first = await a.until(({ event }) => event === "elected");
  server.kill("SIGSTOP");
  const lost = await a.until(({ event }) => event === "lost");
  await new Promise((resolve) => setTimeout(resolve, 3 * LEASE_MS));
  server.kill("SIGCONT");
  const again = await a.until(({ event, term }) => event === "elected" && term! > first.term!);
  assert.equal(lost.cause, "store-unavailable");
  assert.ok(again.term! > first.term!);
});

withServer("more leases than the server takes checks are all kept", async ({ url }) => {
  using kv = await openKv(url);
  const store = new KvStore(kv, { clock: systemClock, random: Math.random });
  assert.equal(await store.maxChecks({ timeoutMs: 1_000 }), 10);
  const elections = Array.from({ length: 25 }, (_, i) => (
    new LeaderElection({ kv, name: `lease-${i}`, storePath: url, leaseMs: LEASE_MS })
  ));
  const terms = await Promise.all(elections.map((election) => election.tryAcquire()));
  await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
  assert.equal(terms.filter((term) => term?.isValid()).length, 25);
  await Promise.all(elections.map((election) => election[Symbol.asyncDispose]()));
});
