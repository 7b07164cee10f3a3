/** What a cluster does when the network between it and the store is cut, slow, or loses replies. */
import assert from "node:assert/strict";
import { assertWritesAreOrdered, fencedWrites } from "../support/fenced_log.ts";
import { MemberProcess } from "../support/member_process.ts";
import type { TcpProxy } from "../support/tcp_proxy.ts";
import { type RemoteStore, testOnServer } from "./remote_store.ts";

const LEASE_MS = 2_000;
const LONG_LEASE_MS = 6_000;
/** Each loss ends the one connection with all calls on it; the client sends again 200 to 300 ms later. */
const LOSS_EVERY_MS = 600;

/** A leader and a follower, each on a line of its own. */
class Pair implements AsyncDisposable {
  readonly leader: MemberProcess;
  readonly follower: MemberProcess;
  readonly leaderLine: TcpProxy;
  readonly followerLine: TcpProxy;
  readonly firstTerm: number;

  private constructor(
    members: readonly [MemberProcess, MemberProcess],
    lines: readonly [TcpProxy, TcpProxy],
    firstTerm: number,
  ) {
    [this.leader, this.follower] = members;
    [this.leaderLine, this.followerLine] = lines;
    this.firstTerm = firstTerm;
  }

  static async start(store: RemoteStore, leaseMs = LEASE_MS): Promise<Pair> {
    const lines = [store.line(), store.line()] as const;
    const leader = new MemberProcess(lines[0].url, "leader", leaseMs, 20);
    const { term } = await leader.until(({ event }) => event === "elected");
    const follower = new MemberProcess(lines[1].url, "follower", leaseMs, 20);
    await follower.until(({ event }) => event === "started");
    return new Pair([leader, follower], lines, term!);
  }

  /** Fails unless the one that led at first still does, without a break. */
  assertNothingChanged(): void {
    const told = [...this.leader.events, ...this.follower.events].map(({ event }) => event);
    assert.deepEqual(told.filter((event) => event === "lost"), []);
    assert.equal(told.filter((event) => event === "elected").length, 1);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([
      this.leader[Symbol.asyncDispose](),
      this.follower[Symbol.asyncDispose](),
    ]);
  }
}

interface Partition {
  readonly name: string;
  readonly begin: (line: TcpProxy) => void;
}

const PARTITIONS: readonly Partition[] = [
  { name: "is cut off", begin: (line) => line.cut() },
  { name: "gets no request through", begin: (line) => line.hold("requests") },
  { name: "hears no reply", begin: (line) => line.hold("replies") },
  { name: "loses every reply and sends again", begin: (line) => line.dropReplies() },
];

for (const { name, begin } of PARTITIONS) {
  testOnServer(`a leader that ${name} is followed, and stays deposed`, async (store) => {
    await using pair = await Pair.start(store);
    const { leader, follower, leaderLine, firstTerm } = pair;
    begin(leaderLine);
    const beganAtMs = performance.timeOrigin + performance.now();
    const lost = await leader.until(({ event }) => event === "lost");
    const next = await follower.until(({ event }) => event === "elected");
    await wait(LEASE_MS);
    leaderLine.pass();
    await leader.until(({ event, term }) => event === "refused" && term === firstTerm);
    assert.equal(lost.cause, "store-unavailable");
    assert.ok(lost.atMs < next.atMs, "the deposed leader knew it before the next one led");
    assert.ok(next.term! > firstTerm);
    const tookMs = next.atMs - beganAtMs;
    assert.ok(tookMs < 2 * LEASE_MS, `the next leader came after ${tookMs} ms`);
    assertWritesAreOrdered(await fencedWrites(pair.followerLine.url));
  });
}

testOnServer("a follower that is cut off disturbs nobody", async (store) => {
  await using pair = await Pair.start(store);
  pair.followerLine.cut();
  await wait(2 * LEASE_MS);
  pair.followerLine.pass();
  await wait(LEASE_MS);
  pair.assertNothingChanged();
  assertWritesAreOrdered(await fencedWrites(pair.leaderLine.url));
});

testOnServer("a leader keeps its term when single replies are lost", async (store) => {
  await using pair = await Pair.start(store, LONG_LEASE_MS);
  const { leaderLine } = pair;
  const until = performance.now() + 2 * LONG_LEASE_MS;
  while (performance.now() < until) {
    leaderLine.dropReplies(1);
    await wait(LOSS_EVERY_MS);
  }
  leaderLine.pass();
  const { droppedReplies } = leaderLine.counts;
  assert.ok(droppedReplies > LONG_LEASE_MS / LOSS_EVERY_MS, `only ${droppedReplies} were lost`);
  pair.assertNothingChanged();
  assertWritesAreOrdered(await fencedWrites(pair.followerLine.url));
});

testOnServer("a delay of 300 ms each way costs no leader its term", async (store) => {
  await using pair = await Pair.start(store, LONG_LEASE_MS);
  for (const line of [pair.leaderLine, pair.followerLine]) {
    line.delay({ requestsMs: 300, repliesMs: 300 });
  }
  await wait(2 * LONG_LEASE_MS);
  pair.assertNothingChanged();
  for (const line of [pair.leaderLine, pair.followerLine]) line.pass();
  assertWritesAreOrdered(await fencedWrites(pair.followerLine.url));
});

testOnServer("an outage of three leases ends the term, and a leader comes back", async (store) => {
  await using a = new MemberProcess(store.line().url, "a", LEASE_MS);
  const first = await a.until(({ event }) => event === "elected");
  store.server.kill("SIGSTOP");
  const lost = await a.until(({ event }) => event === "lost");
  await wait(3 * LEASE_MS);
  store.server.kill("SIGCONT");
  const again = await a.until(({ event, term }) => event === "elected" && term! > first.term!);
  assert.equal(lost.cause, "store-unavailable");
  assert.ok(again.term! > first.term!);
});

async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
