import assert from "node:assert/strict";
import { FakeClock } from "../../../testing/fake_clock.ts";
import type { NodeInfo } from "../../../coordination/node_info.ts";
import { Roster } from "../../../coordination/work/roster.ts";
import { member } from "./work_cluster.ts";

const item = { id: "w", labels: {} };

Deno.test("Roster renews what it knows only when it has grown old", async () => {
  const clock = new FakeClock();
  let reads = 0;
  const read = () => {
    reads++;
    return Promise.resolve([member({ instanceId: "a" })]);
  };
  const roster = new Roster({ read, clock, maxAgeMs: 100, stalledMs: 50 });
  assert.equal(roster.pick(item), null);
  await roster.renew();
  assert.equal(roster.pick(item), "a");
  await clock.advance(100);
  await roster.renew();
  assert.equal(reads, 1);
  await clock.advance(1);
  await roster.renew();
  assert.equal(reads, 2);
});

async function setUp(members: NodeInfo[]) {
  const clock = new FakeClock();
  const read = () => Promise.resolve(members);
  const roster = new Roster({ read, clock, maxAgeMs: 0, stalledMs: 50 });
  await roster.refresh();
  return { clock, roster };
}

Deno.test("Roster counts what a member has to claim until the leader has looked at it", async () => {
  const members = [member({ instanceId: "a" }), member({ instanceId: "b", load: 1.5 })];
  const { roster } = await setUp(members);
  assert.deepEqual([roster.pick(item), roster.pick(item), roster.pick(item)], ["a", "a", "b"]);
  assert.deepEqual(["a", "b", "c"].map((id) => roster.unclaimedOf(id)), [2, 1, 0]);
  members[0] = member({ instanceId: "a", lastHeartbeat: "later" });
  await roster.refresh();
  assert.deepEqual(
    [roster.pick(item), roster.pick(item)],
    ["a", "b"],
    "2 against 2.5, 3 against 2.5",
  );
  roster.noteUnclaimed("a", 0);
  roster.noteUnclaimed("b", 7);
  assert.deepEqual([...roster.idle()], ["a"]);
  assert.deepEqual([roster.pick(item), roster.pick(item)], ["a", "a"]);
  roster.keepUnclaimed(new Set(["b"]));
  assert.deepEqual([...roster.idle()], ["a"]);
});

Deno.test("Roster puts a member that claims nothing last, and gives it another chance later", async () => {
  const { clock, roster } = await setUp([
    member({ instanceId: "a" }),
    member({ instanceId: "b", load: 9 }),
  ]);
  roster.noteStalled("a");
  assert.equal(roster.pick(item), "b");
  await clock.advance(49);
  assert.equal(roster.pick(item), "b");
  await clock.advance(1);
  assert.equal(roster.pick(item), "a");
});

Deno.test("Roster pickIdler moves an item only to an idle member with less to do", async () => {
  const { roster } = await setUp([
    member({ instanceId: "a" }),
    member({ instanceId: "b", load: 2 }),
    member({ instanceId: "c", load: 1 }),
    member({ instanceId: "d" }),
  ]);
  roster.noteUnclaimed("a", 3);
  roster.noteUnclaimed("d", 1);
  roster.noteStalled("a");
  const idle = roster.idle();
  assert.deepEqual([...idle], ["b", "c"]);
  const moved = [1, 2, 3].map(() => roster.pickIdler(item, "a", idle));
  assert.deepEqual(moved, ["c", null, null], "1 of 3, then 2 each; d has something to claim");
  assert.equal(roster.pickIdler(item, "unknown", idle), null);
  roster.noteUnclaimed("c", 0);
  roster.noteUnclaimed("a", 3);
  roster.noteStalled("c");
  assert.equal(roster.pickIdler(item, "a", idle), "b", "c claims nothing");
  assert.equal(roster.pickIdler(item, "a", new Set(["c"])), null, "nor is it better than a");
});
