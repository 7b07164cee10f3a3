import assert from "node:assert/strict";
import { assertWritesAreOrdered, fencedWrites } from "../support/fenced_log.ts";
import { elected, endAll, MemberProcess } from "../support/member_process.ts";
import type { Scenario } from "../support/scenario.ts";

const KILLS = 10;
/** A hand-over that waited for this one would be noticed. */
const LONG_LEASE_MS = 20_000;

async function followsEachKill(storePath: string, leaseMs: number): Promise<void> {
  let members = ["a", "b", "c"].map((id) => new MemberProcess(storePath, id, leaseMs));
  const all = [...members];
  try {
    let last = { term: 0 };
    for (let kills = 0; kills < KILLS; kills++) {
      const leader = await elected(members, last.term);
      last = leader;
      leader.member.kill("SIGKILL");
      await leader.member.exited();
      members = members.filter((member) => member !== leader.member);
      const id = `${leader.member.instanceId}${kills}`;
      const next = new MemberProcess(storePath, id, leaseMs);
      members.push(next);
      all.push(next);
    }
    const final = await elected(members, last.term);
    await Promise.all(members.map((member) => member.until(({ event }) => event === "started")));
    assertWritesAreOrdered(await fencedWrites(storePath));
    assert.ok(final.term > KILLS);
    assert.equal(all.map(({ stderr }) => stderr).join(""), "", "no process complained");
  } finally {
    await endAll(all);
  }
}

async function keepsFrozenLeaderFromWriting(storePath: string, leaseMs: number): Promise<void> {
  await using a = new MemberProcess(storePath, "a", leaseMs);
  const first = await a.until(({ event }) => event === "elected");
  await using b = new MemberProcess(storePath, "b", leaseMs);
  await b.until(({ event }) => event === "started");
  a.kill("SIGSTOP");
  const second = await b.until(({ event }) => event === "elected");
  await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs));
  a.kill("SIGCONT");
  const lost = await a.until(({ event }) => event === "lost");
  await a.until(({ event, term }) => event === "refused" && term === first.term);
  assert.ok(second.term! > first.term!);
  assert.ok(second.fence! > first.fence!, "later fences compare greater");
  assert.ok(["expired", "superseded"].includes(lost.cause!), lost.cause);
  assertWritesAreOrdered(await fencedWrites(storePath));
}

async function handsOver(storePath: string): Promise<void> {
  await using a = new MemberProcess(storePath, "a", LONG_LEASE_MS);
  await a.until(({ event }) => event === "elected");
  await using b = new MemberProcess(storePath, "b", LONG_LEASE_MS);
  await b.until(({ event }) => event === "started");
  a.kill("SIGTERM");
  const lost = await a.until(({ event }) => event === "lost");
  const next = await b.until(({ event }) => event === "elected");
  assert.equal(lost.cause, "resigned");
  const tookMs = next.atMs - lost.atMs;
  assert.ok(tookMs < LONG_LEASE_MS / 4, `it waited for the lease: ${tookMs} ms`);
  assert.equal((await a.exited()).code, 0);
}

async function electsOneOfFour(storePath: string, leaseMs: number): Promise<void> {
  const members = ["a", "b", "c", "d"].map((id) => new MemberProcess(storePath, id, leaseMs));
  try {
    await Promise.all(members.map((member) => member.until(({ event }) => event === "started")));
    const { term } = await elected(members, 0);
    await new Promise((resolve) => setTimeout(resolve, 2 * leaseMs));
    const told = members.flatMap(({ events }) => events);
    assert.deepEqual(told.filter(({ event }) => event === "elected").map((e) => e.term), [term]);
    assertWritesAreOrdered(await fencedWrites(storePath));
  } finally {
    await endAll(members);
  }
}

async function refusesSecondOfOneId(storePath: string, leaseMs: number): Promise<void> {
  await using first = new MemberProcess(storePath, "twin", leaseMs);
  await first.until(({ event }) => event === "elected");
  await using second = new MemberProcess(storePath, "twin", leaseMs);
  const failed = await second.until(({ event }) => event === "failed");
  assert.equal(failed.name, "DuplicateInstanceError");
  assert.equal((await second.exited()).code, 1);
  assert.ok(!first.events.some(({ event }) => event === "lost"), "the first was left alone");
}

async function takesIdOfKilled(storePath: string, leaseMs: number): Promise<void> {
  const killed = new MemberProcess(storePath, "same", leaseMs);
  const before = await killed.until(({ event }) => event === "elected");
  killed.kill("SIGKILL");
  await killed[Symbol.asyncDispose]();
  await using reborn = new MemberProcess(storePath, "same", leaseMs);
  const after = await reborn.until(({ event }) => event === "elected");
  assert.ok(after.term! > before.term!);
}

/** What a cluster of real processes does when one of them is killed, frozen, stopped or doubled. */
export const FAILOVER_SCENARIOS: readonly Scenario[] = [
  { name: "a cluster elects a new leader each time the leader is killed", run: followsEachKill },
  {
    name: "a leader that was frozen for three leases cannot write",
    run: keepsFrozenLeaderFromWriting,
  },
  { name: "a leader that stops hands over without waiting for the lease", run: handsOver },
  { name: "one of four processes that start at once leads", run: electsOneOfFour },
  { name: "a second live process with the same id is refused", run: refusesSecondOfOneId },
  { name: "a process that takes the id of a killed one joins after a lease", run: takesIdOfKilled },
];
