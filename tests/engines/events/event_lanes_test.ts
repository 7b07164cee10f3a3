import assert from "node:assert/strict";
import { EventLanes, type EventLanesLimits } from "../../../engines/events/event_lanes.ts";
import type { UserEventType } from "../../../enums/user_event_type.ts";
import { anEvent } from "./events.ts";

function newLanes(limits: Partial<EventLanesLimits> = {}) {
  let dropped = 0;
  const all = { eventsPerUserMax: 3, eventsMax: 5, bytesMax: 1_000, ...limits };
  const lanes = new EventLanes(all, (count) => dropped += count);
  const add = (userId: string, runId: string, type: UserEventType = "custom", bytes = 10) =>
    lanes.add({ event: anEvent({ userId, runId, type }), bytes });
  const takeAll = (userId: string) => {
    const runs: string[] = [];
    for (let next = lanes.first(userId); next; next = lanes.first(userId)) {
      runs.push(next.event.runId);
      lanes.removeFirst(userId);
    }
    return runs.join("");
  };
  return { lanes, add, takeAll, dropped: () => dropped };
}

Deno.test("EventLanes keeps each user's events in order, and counts them", () => {
  const { lanes, add, takeAll } = newLanes();
  for (const [user, run] of [["u", "a"], ["v", "b"], ["u", "c"]] as const) add(user, run);
  assert.deepEqual([lanes.users, lanes.events, lanes.bytes], [2, 3, 30]);
  assert.deepEqual([takeAll("u"), takeAll("v"), takeAll("w")], ["ac", "b", ""]);
  assert.deepEqual([lanes.users, lanes.events, lanes.bytes], [0, 0, 0]);
});

Deno.test("EventLanes drops the oldest that waits, but neither what is under way nor an end", () => {
  const { add, takeAll, dropped } = newLanes();
  add("u", "a");
  add("u", "b");
  add("u", "c", "agent_completed");
  assert.equal(add("u", "d"), true);
  assert.equal(add("u", "e", "agent_death"), true);
  assert.equal(dropped(), 2);
  assert.equal(add("u", "f"), false);
  assert.equal(takeAll("u"), "ace");
});

Deno.test("EventLanes drops of the user who takes most when all together are too many", () => {
  const { lanes, add, takeAll, dropped } = newLanes();
  for (const run of ["a", "b", "c"]) add("stuck", run);
  add("u", "d");
  add("u", "e");
  assert.equal(add("v", "f"), true);
  assert.deepEqual([lanes.events, dropped()], [5, 1]);
  assert.deepEqual([takeAll("stuck"), takeAll("u"), takeAll("v")], ["ac", "de", "f"]);
});

Deno.test("EventLanes refuses when nothing may give way", () => {
  const { lanes, add } = newLanes();
  for (const user of ["a", "b", "c", "d", "e"]) add(user, "first");
  assert.equal(add("f", "end", "agent_completed"), false);
  assert.deepEqual([lanes.users, lanes.events], [5, 5]);
});

Deno.test("EventLanes bounds bytes, and drops nothing for what never fits", () => {
  const { lanes, add, dropped } = newLanes({ bytesMax: 100 });
  add("u", "a", "custom", 40);
  add("u", "b", "custom", 40);
  assert.equal(add("u", "c", "custom", 101), false);
  assert.equal(dropped(), 0);
  assert.equal(add("u", "d", "custom", 50), true);
  assert.deepEqual([lanes.bytes, dropped()], [90, 1]);
});

Deno.test("EventLanes drops everything when it is cleared", () => {
  const { lanes, add, dropped } = newLanes();
  add("u", "a");
  add("v", "b");
  lanes.clear();
  lanes.removeFirst("u");
  assert.deepEqual([lanes.users, lanes.events, lanes.bytes, dropped()], [0, 0, 0, 2]);
});

Deno.test("EventLanes does not let one user's flood cost others their events", () => {
  const { add, takeAll, dropped } = newLanes({ eventsPerUserMax: 90, eventsMax: 100 });
  for (let i = 0; i < 20; i++) add("victim", "v");
  for (let i = 0; i < 300; i++) assert.ok(add(`flood${i % 4}`, "f"));
  assert.equal(takeAll("victim").length, 20);
  assert.equal(dropped(), 220);
  for (let i = 0; i < 4; i++) assert.equal(takeAll(`flood${i}`).length, 20);
});

Deno.test("EventLanes goes by bytes where these are scarce", () => {
  const { add, takeAll } = newLanes({ bytesMax: 100 });
  add("small", "a");
  add("small", "b");
  add("large", "c", "custom", 30);
  add("large", "d", "custom", 40);
  add("large", "e", "custom", 30);
  assert.deepEqual([takeAll("small"), takeAll("large")], ["ab", "ce"]);
});
