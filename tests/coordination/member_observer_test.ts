import assert from "node:assert/strict";
import { MemberObserver, type Sighting } from "../../coordination/member_observer.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const HEARTBEAT_MS = 1_000;

/** Members are looked at once an interval; `beats` says which of them have written since. */
function setUp(limits = { suspectAfterMissed: 3, deadAfterMissed: 4 }) {
  const clock = new FakeClock();
  const observer = new MemberObserver(clock, limits);
  observer.observe([]);
  const stamps = new Map<string, number>();
  const see = (ids: readonly string[], beats: readonly string[] = []) => {
    for (const id of beats) stamps.set(id, (stamps.get(id) ?? 0) + 1);
    observer.observe(ids.map((instanceId): Sighting => ({
      instanceId,
      versionstamp: String(stamps.get(instanceId) ?? 0),
      heartbeatMs: HEARTBEAT_MS,
    })));
  };
  return { clock, observer, see };
}

Deno.test("MemberObserver takes a member for alive, suspect and dead by the beats it saw missing", async () => {
  const { clock, observer, see } = setUp();
  see(["a"]);
  const seen: unknown[] = [];
  for (let second = 1; second <= 5; second++) {
    await clock.advance(1_000);
    see(["a"]);
    seen.push(observer.statusOf("a"));
  }
  assert.deepEqual(seen, ["alive", "alive", "suspect", "dead", "dead"]);
  assert.equal(observer.silentMs("a"), 5_000);
});

Deno.test("MemberObserver uses the limits it was given", async () => {
  const { clock, observer, see } = setUp({ suspectAfterMissed: 1, deadAfterMissed: 2 });
  see(["a"]);
  const seen: unknown[] = [];
  for (let second = 1; second <= 2; second++) {
    await clock.advance(1_000);
    see(["a"]);
    seen.push(observer.statusOf("a"));
  }
  assert.deepEqual(seen, ["suspect", "dead"]);
});

Deno.test("MemberObserver takes a dead member for alive again as soon as it writes", async () => {
  const { clock, observer, see } = setUp();
  see(["a"]);
  for (let second = 0; second < 6; second++) {
    await clock.advance(1_000);
    see(["a"]);
  }
  assert.equal(observer.statusOf("a"), "dead");
  see(["a"], ["a"]);
  assert.equal(observer.statusOf("a"), "alive");
  assert.equal(observer.silentMs("a"), 0);
});

Deno.test("MemberObserver judges by changes, never by the members' own clocks (F12)", async () => {
  const { clock, observer, see } = setUp();
  see(["a"]);
  clock.jumpWall(3_600_000);
  see(["a"]);
  assert.equal(observer.statusOf("a"), "alive");
  for (let second = 0; second < 4; second++) {
    await clock.advance(1_000);
    see(["a"]);
  }
  assert.equal(observer.statusOf("a"), "dead");
});

Deno.test("MemberObserver counts silence only while it could look", async () => {
  const { clock, observer, see } = setUp();
  see(["a"]);
  await clock.advance(60_000);
  see(["a"]);
  assert.equal(observer.statusOf("a"), "alive");
  assert.equal(observer.silentMs("a"), 1_500);
});

Deno.test("MemberObserver is more patient in clusters of more than ten, by the log of their number", async () => {
  const cases: { members: number; missedUntilDead: number }[] = [
    { members: 1, missedUntilDead: 4 },
    { members: 10, missedUntilDead: 4 },
    { members: 100, missedUntilDead: 8 },
    { members: 1_000, missedUntilDead: 12 },
  ];
  for (const { members, missedUntilDead } of cases) {
    const { clock, observer, see } = setUp();
    const ids = Array.from({ length: members }, (_, i) => `m${i}`);
    see(ids);
    let missed = 0;
    while (observer.statusOf("m0") !== "dead" && missed < 20) {
      await clock.advance(1_000);
      see(ids);
      missed++;
    }
    assert.equal(missed, missedUntilDead, `${members} members`);
  }
});

Deno.test("MemberObserver counts each member by its own promise", async () => {
  const clock = new FakeClock();
  const observer = new MemberObserver(clock, { suspectAfterMissed: 3, deadAfterMissed: 4 });
  observer.observe([]);
  const see = () =>
    observer.observe([
      { instanceId: "fast", versionstamp: "1", heartbeatMs: 1_000 },
      { instanceId: "slow", versionstamp: "1", heartbeatMs: 10_000 },
    ]);
  see();
  for (let second = 0; second < 4; second++) {
    await clock.advance(1_000);
    see();
  }
  assert.deepEqual([observer.statusOf("fast"), observer.statusOf("slow")], ["dead", "alive"]);
});

Deno.test("MemberObserver forgets members that it no longer meets, and knows no others", async () => {
  const { clock, observer, see } = setUp();
  see(["a", "b"]);
  for (let second = 0; second < 4; second++) {
    await clock.advance(1_000);
    see(["a", "b"]);
  }
  assert.equal(observer.statusOf("a"), "dead");
  see(["b"]);
  assert.deepEqual([observer.statusOf("a"), observer.silentMs("a")], [undefined, 0]);
  see(["a", "b"]);
  assert.deepEqual([observer.statusOf("a"), observer.statusOf("b")], ["alive", "dead"]);
  assert.deepEqual([observer.statusOf("__proto__"), observer.silentMs("__proto__")], [
    undefined,
    0,
  ]);
});

Deno.test("MemberObserver takes nobody for dead after it looked away, however slow another member is", async () => {
  const clock = new FakeClock();
  const observer = new MemberObserver(clock, { suspectAfterMissed: 3, deadAfterMissed: 4 });
  observer.observe([]);
  const see = () =>
    observer.observe([
      { instanceId: "fast", versionstamp: "1", heartbeatMs: 1_000 },
      { instanceId: "slow", versionstamp: "1", heartbeatMs: 60_000 },
    ]);
  see();
  await clock.advance(60_000);
  see();
  assert.deepEqual([observer.statusOf("fast"), observer.statusOf("slow")], ["alive", "alive"]);
});

Deno.test("MemberObserver says nothing of a member that stood there at its first look until it stirs", async () => {
  const clock = new FakeClock();
  const observer = new MemberObserver(clock, { suspectAfterMissed: 3, deadAfterMissed: 4 });
  const see = (stirring: string) =>
    observer.observe([
      { instanceId: "old", versionstamp: "1", heartbeatMs: 1_000 },
      { instanceId: "stirring", versionstamp: stirring, heartbeatMs: 1_000 },
    ]);
  see("1");
  assert.deepEqual([observer.statusOf("old"), observer.statusOf("stirring")], [
    undefined,
    undefined,
  ]);
  await clock.advance(1_000);
  see("2");
  assert.deepEqual([observer.statusOf("old"), observer.statusOf("stirring")], [undefined, "alive"]);
  await clock.advance(1_000);
  see("3");
  await clock.advance(1_000);
  see("4");
  assert.deepEqual([observer.statusOf("old"), observer.statusOf("stirring")], ["suspect", "alive"]);
});
