import assert from "node:assert/strict";
import type { CommitPart } from "../../../coordination/work/commit_part.ts";
import { GroupCommit } from "../../../coordination/work/group_commit.ts";
import {
  connectionRefused,
  hang,
  heldCall,
  lostReply,
  repeatedByClient,
} from "../../support/faults.ts";
import { TestStore } from "../../support/test_store.ts";
import { type SentCommit, touches } from "../../support/tracking_kv.ts";

const part = (id: string, more: Partial<CommitPart> = {}): CommitPart => ({
  checks: [{ key: [id], versionstamp: null }],
  sets: [{ key: [id], value: { nonce: id } }],
  witness: { key: [id], nonce: id },
  bytes: 100,
  ...more,
});

async function setUp(maxChecks = 100) {
  const test = await TestStore.open();
  const handle = test.handle({ maxChecks });
  const commits = new GroupCommit(test.port(handle), 150);
  return { test, handle, commits, [Symbol.dispose]: () => test.raw.close() };
}

const kinds = (outcomes: readonly { kind: string }[]) => outcomes.map(({ kind }) => kind);

Deno.test("GroupCommit sends parts of the same moment in one commit", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  const all = ["a", "b", "c"].map((id) => commits.commit(part(id)));
  const outcomes = await test.until(Promise.all(all));
  assert.deepEqual(kinds(outcomes), ["committed", "committed", "committed"]);
  assert.equal(handle.sent.filter(({ sets }) => sets.length > 0).length, 1);
});

Deno.test("GroupCommit finds the part that is refused and commits the others", async () => {
  using setup = await setUp();
  const { commits, test } = setup;
  await test.raw.set(["c"], { nonce: "other" });
  const ids = ["a", "b", "c", "d", "e"];
  const outcomes = await test.until(Promise.all(ids.map((id) => commits.commit(part(id)))));
  assert.deepEqual(kinds(outcomes), [
    "committed",
    "committed",
    "refused",
    "committed",
    "committed",
  ]);
  assert.deepEqual(await test.read(["c"]), { nonce: "other" });
});

Deno.test("GroupCommit recognises a group whose answer is lost, and sends one that did not arrive again", async () => {
  for (const fault of [lostReply, repeatedByClient, connectionRefused]) {
    using setup = await setUp();
    const { commits, handle, test } = setup;
    handle.onCommit(fault, { only: ({ sets }) => sets.length > 0 });
    const all = ["a", "b"].map((id) => commits.commit(part(id)));
    assert.deepEqual(kinds(await test.until(Promise.all(all))), ["committed", "committed"]);
  }
});

Deno.test("GroupCommit sends a part again alone, so that its nonce vouches for no other (simulated seed 1023)", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  const isProbe = ({ sets }: SentCommit) => sets.length === 0;
  const probe = heldCall();
  handle.onCommit(connectionRefused, { only: isProbe });
  handle.onCommit(probe.fault, { only: isProbe });
  handle.onCommit(lostReply, { only: touches("a") });
  handle.onRead(hang);
  const first = commits.commit(part("a"));
  await test.clock.advance(151); // nobody knows of "a": it is sent again, once the limit is known
  await test.raw.set(["b"], { nonce: "somebody else's" });
  const second = commits.commit(part("b"));
  await probe.release();
  const outcomes = await test.until(Promise.all([first, second]));
  assert.deepEqual(kinds(outcomes), ["committed", "refused"]);
});

Deno.test("GroupCommit sends a part alone that an earlier call has sent", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  await test.raw.set(["a"], { nonce: "a" }); // the earlier call arrived
  await test.raw.set(["b"], { nonce: "somebody else's" });
  const calls = [commits.commit(part("a"), { isRepeated: true }), commits.commit(part("b"))];
  assert.deepEqual(kinds(await test.until(Promise.all(calls))), ["committed", "refused"]);
  assert.equal(handle.sent.filter(({ sets }) => sets.length > 0).length, 2);
});

Deno.test("GroupCommit throws when the outcome stays unknown", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  handle.breakDown(connectionRefused);
  await assert.rejects(test.until(commits.commit(part("a"))), {
    code: "STORE_UNAVAILABLE",
    message: /Cannot write "a"/,
  });
});

Deno.test("GroupCommit splits what breaks a limit of the store, and rejects the part that does alone", async () => {
  using setup = await setUp(10);
  const { commits, test } = setup;
  const large = part("large", { sets: [{ key: ["large"], value: "x".repeat(70_000) }] });
  const all = [...Array.from({ length: 25 }, (_, i) => part(`p${i}`)), large];
  const settled = await test.until(Promise.allSettled(all.map((each) => commits.commit(each))));
  assert.equal(settled.filter(({ status }) => status === "fulfilled").length, 25);
  assert.match(String((settled.at(-1) as PromiseRejectedResult).reason), /Value too large/);
});

Deno.test("GroupCommit keeps two parts of one record apart: one of them is refused", async () => {
  using setup = await setUp();
  const { commits, test } = setup;
  const twice = [part("a"), part("a", { witness: { key: ["a"], nonce: "second" } })];
  const outcomes = await test.until(Promise.all(twice.map((each) => commits.commit(each))));
  assert.deepEqual(kinds(outcomes), ["committed", "refused"]);
});
