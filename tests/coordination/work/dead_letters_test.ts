import assert from "node:assert/strict";
import { connectionRefused, type Fault, lostReply } from "../../support/faults.ts";
import { touches } from "../../support/tracking_kv.ts";
import { WorkCluster } from "./work_cluster.ts";

/** One dead item "w". */
async function setUp() {
  const cluster = await WorkCluster.open();
  cluster.register("a");
  const node = cluster.node("a");
  await cluster.elect(node);
  const until = <T>(promise: Promise<T>): Promise<T> => cluster.test.until(promise);
  await until(node.queue.assignWork({ id: "w", payload: 1, maxAttempts: 1 }));
  const loop = cluster.loop(node);
  await until((await loop.next()).fail("no"));
  await loop[Symbol.asyncDispose]();
  const dispose = () => cluster[Symbol.asyncDispose]();
  return { cluster, node, until, [Symbol.asyncDispose]: dispose };
}

Deno.test("DeadLetters drop knows that it dropped although the answer and what tells it come late", async () => {
  const lostAndUnreadable: Fault = async (apply) => {
    await apply();
    throw new TypeError("error sending request");
  };
  for (const fault of [lostReply, lostAndUnreadable]) {
    await using setup = await setUp();
    const { cluster, node, until } = setup;
    node.handle.onCommit(fault, { only: touches("dropped", "w") });
    node.handle.onRead((apply) => apply()); // the item
    if (fault === lostAndUnreadable) node.handle.onRead(connectionRefused);
    assert.equal(await until(node.queue.dropWork("w")), true);
    assert.equal(await until(node.queue.getWork("w")), null);
    assert.equal(await until(node.queue.dropWork("w")), false);
    assert.equal(await cluster.backlog(), 0);
  }
});

Deno.test("DeadLetters drop leaves a note that expires, and lets one of two calls do it", async () => {
  await using setup = await setUp();
  const { cluster, node, until } = setup;
  const other = cluster.node("b");
  const drops = [node.queue.dropWork("w"), other.queue.dropWork("w")];
  assert.deepEqual((await until(Promise.all(drops))).sort(), [false, true]);
  const notes = [node, other].flatMap(({ handle }) => handle.sent).flatMap(({ sets }) => sets)
    .filter(({ key }) => key[3] === "dropped");
  assert.deepEqual(notes.map(({ expireIn }) => expireIn), notes.map(() => 600_000));
  assert.equal(await until(node.queue.assignWork({ id: "w", payload: 2 })), "a", "the id is free");
});

Deno.test("DeadLetters redrive and drop leave alone what is not dead", async () => {
  await using setup = await setUp();
  const { node, until } = setup;
  assert.equal(await until(node.queue.redriveWork("w")), true);
  assert.equal(await until(node.queue.redriveWork("w")), false);
  assert.equal(await until(node.queue.dropWork("w")), false);
  assert.equal(await until(node.queue.dropWork("none")), false);
});
