import assert from "node:assert/strict";
import { FakeClock } from "../../../testing/fake_clock.ts";
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
  const roster = new Roster({ read, clock, maxAgeMs: 100 });
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

Deno.test("Roster counts what it assigned to a member until that reports its load again", async () => {
  const clock = new FakeClock();
  let members = [member({ instanceId: "a" }), member({ instanceId: "b", load: 1.5 })];
  const roster = new Roster({ read: () => Promise.resolve(members), clock, maxAgeMs: 0 });
  await roster.refresh();
  assert.deepEqual([roster.pick(item), roster.pick(item), roster.pick(item)], ["a", "a", "b"]);
  await roster.refresh();
  assert.equal(roster.pick(item), "a", "2 against 2.5");
  members = [member({ instanceId: "a", lastHeartbeat: "later" }), members[1]!];
  await roster.refresh();
  assert.deepEqual([roster.pick(item), roster.pick(item), roster.pick(item)], ["a", "a", "a"]);
});
