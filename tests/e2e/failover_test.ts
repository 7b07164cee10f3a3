import assert from "node:assert/strict";
import { MemberProcess } from "../support/member_process.ts";
import { testWithProcesses } from "../support/real_processes.ts";

const LEASE_MS = 1_000;

/** The fenced writes that committed, in the order in which they did. */
async function fencedWrites(path: string): Promise<{ term: number; holder: string }[]> {
  using kv = await Deno.openKv(path);
  const entries = await Array.fromAsync(kv.list<string>({ prefix: ["log"] }));
  return entries
    .sort((a, b) => a.versionstamp < b.versionstamp ? -1 : 1)
    .map(({ key, value }) => ({ term: key[1] as number, holder: value }));
}

function assertTermsNeverGoBack(writes: readonly { term: number }[]): void {
  writes.reduce((last, { term }) => {
    assert.ok(term >= last, `a write of term ${term} committed after one of term ${last}`);
    return term;
  }, 0);
}

/** Waits until one of the members is elected in a higher term. */
async function elected(members: readonly MemberProcess[], afterTerm: number) {
  const elections = members.map(async (member) => {
    const event = await member.until(({ event, term }) => event === "elected" && term! > afterTerm);
    return { member, term: event.term!, atMs: event.atMs };
  });
  return await Promise.any(elections);
}

testWithProcesses(
  "a cluster elects a new leader each time the leader is killed",
  async (folder) => {
    const path = `${folder}/cluster.db`;
    let members = ["a", "b", "c"].map((id) => new MemberProcess(path, id, LEASE_MS));
    const all = [...members];
    try {
      let last = { term: 0 };
      for (let kills = 0; kills < 10; kills++) {
        const leader = await elected(members, last.term);
        assert.ok(leader.term > last.term);
        last = leader;
        leader.member.kill("SIGKILL");
        await leader.member.exited();
        members = members.filter((member) => member !== leader.member);
        const next = new MemberProcess(path, `${leader.member.instanceId}${kills}`, LEASE_MS);
        members.push(next);
        all.push(next);
      }
      const final = await elected(members, last.term);
      await Promise.all(members.map((member) => member.until(({ event }) => event === "started")));
      const writes = await fencedWrites(path);
      assertTermsNeverGoBack(writes);
      assert.ok(final.term >= 11);
      assert.equal(all.map(({ stderr }) => stderr).join(""), "", "no process complained");
    } finally {
      await Promise.all(all.map((member) => member[Symbol.asyncDispose]()));
    }
  },
);

testWithProcesses("a leader that was frozen for three leases cannot write", async (folder) => {
  const path = `${folder}/cluster.db`;
  await using a = new MemberProcess(path, "a", LEASE_MS);
  const first = await a.until(({ event }) => event === "elected");
  await using b = new MemberProcess(path, "b", LEASE_MS);
  await b.until(({ event }) => event === "started");
  a.kill("SIGSTOP");
  const second = await b.until(({ event }) => event === "elected");
  await new Promise((resolve) => setTimeout(resolve, 2 * LEASE_MS));
  a.kill("SIGCONT");
  const lost = await a.until(({ event }) => event === "lost");
  await a.until(({ event, term }) => event === "refused" && term === first.term);
  assert.ok(second.term! > first.term!);
  assert.ok(second.fence! > first.fence!, "later fences compare greater");
  assert.ok(["expired", "superseded"].includes(lost.cause!), lost.cause);
  assertTermsNeverGoBack(await fencedWrites(path));
});

testWithProcesses(
  "a leader that stops hands over without waiting for the lease",
  async (folder) => {
    const path = `${folder}/cluster.db`;
    const longLeaseMs = 20_000;
    await using a = new MemberProcess(path, "a", longLeaseMs);
    await a.until(({ event }) => event === "elected");
    await using b = new MemberProcess(path, "b", longLeaseMs);
    await b.until(({ event }) => event === "started");
    a.kill("SIGTERM");
    const lost = await a.until(({ event }) => event === "lost");
    const next = await b.until(({ event }) => event === "elected");
    assert.equal(lost.cause, "resigned");
    assert.ok(next.atMs - lost.atMs < longLeaseMs / 2, "it did not wait for the lease");
    assert.equal((await a.exited()).code, 0);
  },
);

testWithProcesses("a second live process with the same id is refused", async (folder) => {
  const path = `${folder}/cluster.db`;
  await using first = new MemberProcess(path, "twin", LEASE_MS);
  await first.until(({ event }) => event === "elected");
  await using second = new MemberProcess(path, "twin", LEASE_MS);
  const failed = await second.until(({ event }) => event === "failed");
  assert.equal(failed.name, "DuplicateInstanceError");
  assert.equal((await second.exited()).code, 1);
  assert.ok(!first.events.some(({ event }) => event === "lost"), "the first was left alone");
});

testWithProcesses(
  "a process that takes the id of a killed one joins after a lease",
  async (folder) => {
    const path = `${folder}/cluster.db`;
    const killed = new MemberProcess(path, "same", LEASE_MS);
    const before = await killed.until(({ event }) => event === "elected");
    killed.kill("SIGKILL");
    await killed[Symbol.asyncDispose]();
    await using reborn = new MemberProcess(path, "same", LEASE_MS);
    const after = await reborn.until(({ event }) => event === "elected");
    assert.ok(after.term! > before.term!);
  },
);
