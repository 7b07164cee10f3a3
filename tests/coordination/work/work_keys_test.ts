import assert from "node:assert/strict";
import { keyAfter, WorkKeys } from "../../../coordination/work/work_keys.ts";
import { keyText } from "../../../coordination/work/commit_part.ts";
import { TestStore } from "../../support/test_store.ts";

const keys = new WorkKeys("c");

Deno.test("WorkKeys puts ready items in order: the urgent first, then by term and place", async () => {
  using test = await TestStore.open();
  const items = [[0, 2, 0], [5, 1, 9], [0, 1, 10], [-5, 1, 0], [0, 1, 2]] as const;
  for (const [priority, term, n] of items) {
    await test.raw.set(keys.readyAt("a", priority, { term, n }), [priority, term, n]);
  }
  const listed = await Array.fromAsync(test.raw.list({ prefix: keys.readyOf("a") }));
  const order = [[5, 1, 9], [0, 1, 2], [0, 1, 10], [0, 2, 0], [-5, 1, 0]];
  assert.deepEqual(listed.map(({ value }) => value), order);
});

Deno.test("WorkKeys keeps everything apart, whatever names hold", () => {
  const all = [
    keys.item("a"),
    keys.claimedAt("a", "b"),
    keys.claimedAt("a/b", ""),
    keys.waitingAt("a"),
    keys.deadAt("a"),
    keys.inboxAt("a"),
    keys.refusalAt("a"),
    keys.assigneeAt("a"),
    keys.bellOf("a"),
    keys.leaderBell,
    keys.backlog,
    new WorkKeys("d").item("a"),
  ];
  assert.equal(new Set(all.map(keyText)).size, all.length);
});

Deno.test("keyAfter is where a list goes on", async () => {
  using test = await TestStore.open();
  for (const id of ["a", "a0", "b"]) await test.raw.set(["p", id], id);
  const rest = test.raw.list({ prefix: ["p"], start: keyAfter(["p", "a"]) });
  assert.deepEqual((await Array.fromAsync(rest)).map(({ value }) => value), ["a0", "b"]);
});
