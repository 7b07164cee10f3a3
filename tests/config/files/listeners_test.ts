import assert from "node:assert/strict";
import { Listeners } from "../../../config/files/listeners.ts";
import { turnEventLoop } from "../../../testing/sim_time.ts";

Deno.test("Listeners tell everybody at once, also when some throw or reject", async () => {
  const listeners = new Listeners<number>();
  const heard: string[] = [];
  listeners.add(() => {
    throw new Error("listener");
  });
  listeners.add(async (event) => {
    heard.push(`a ${event}`);
    await Promise.resolve();
    throw new Error("later");
  });
  const remove = listeners.add((event) => void heard.push(`b ${event}`));
  listeners.tell(1);
  assert.deepEqual(heard, ["a 1", "b 1"]);
  remove();
  remove();
  listeners.tell(2);
  assert.deepEqual(heard, ["a 1", "b 1", "a 2"]);
  await turnEventLoop();
  assert.equal(listeners.errorCount, 4);
  listeners.clear();
  listeners.tell(3);
  assert.equal(heard.length, 3);
});

Deno.test("Listeners tell a function as often as it was added", () => {
  const listeners = new Listeners<number>();
  let count = 0;
  const listener = () => void count++;
  const remove = listeners.add(listener);
  listeners.add(listener);
  listeners.tell(1);
  remove();
  listeners.tell(1);
  assert.equal(count, 3);
});
