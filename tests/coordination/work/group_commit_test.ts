import assert from "node:assert/strict";
import type { CommitPart } from "../../../coordination/work/commit_part.ts";
import { UNNEEDED } from "../../../coordination/signals.ts";
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

Deno.test("GroupCommit does not send what is no longer wanted, and waits for what was sent", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  const unwanted = new AbortController();
  const { signal } = unwanted;
  const held = heldCall();
  handle.onCommit(held.fault, { only: touches("a") });
  const first = commits.commit(part("a"), { signal });
  await held.caught;
  const second = commits.commit(part("b"), { signal });
  const third = commits.commit(part("c"));
  const repeated = commits.commit(part("d"), { signal, isRepeated: true });
  for (const each of [second, repeated]) each.catch(() => {});
  unwanted.abort(UNNEEDED);
  await assert.rejects(test.until(second), (error) => error === UNNEEDED);
  await assert.rejects(test.until(repeated), { code: "STORE_UNAVAILABLE" });
  await held.release();
  assert.deepEqual(kinds(await test.until(Promise.all([first, third]))), [
    "committed",
    "committed",
  ]);
  assert.equal(
    handle.sent.filter(touches("b")).length + handle.sent.filter(touches("d")).length,
    0,
  );
  await assert.rejects(commits.commit(part("e"), { signal }), (error) => error === UNNEEDED);
});

Deno.test("GroupCommit does not send again what is no longer wanted", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  handle.breakDown(hang);
  const unwanted = new AbortController();
  const sent = commits.commit(part("a"), { signal: unwanted.signal });
  await test.clock.advance(200);
  unwanted.abort(UNNEEDED);
  await assert.rejects(test.until(sent, 150), { code: "STORE_UNAVAILABLE" });
  const count = handle.sent.length;
  await test.clock.advance(1_000);
  assert.equal(handle.sent.length, count);
  await assert.rejects(commits.commit(part("a"), { signal: unwanted.signal, isRepeated: true }), {
    code: "STORE_UNAVAILABLE",
  });
});

Deno.test("GroupCommit goes on when nothing is wanted any more by the time it knows the store's limit", async () => {
  using setup = await setUp();
  const { commits, handle, test } = setup;
  const probe = heldCall();
  handle.onCommit(probe.fault, { only: ({ sets }) => sets.length === 0 });
  const unwanted = new AbortController();
  const dropped = commits.commit(part("a"), { signal: unwanted.signal });
  await probe.caught;
  unwanted.abort(UNNEEDED);
  await assert.rejects(dropped, (error) => error === UNNEEDED);
  await probe.release();
  await test.settle();
  assert.equal((await test.until(commits.commit(part("b")))).kind, "committed");
  assert.equal(handle.sent.filter(touches("a")).length, 0);
});
