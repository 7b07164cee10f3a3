import assert from "node:assert/strict";
import { BusyWork } from "../../../engines/engine/busy_work.ts";

Deno.test("BusyWork counts work until it has ended, well or not", async () => {
  const busy = new BusyWork();
  const gate = Promise.withResolvers<number>();
  const running = busy.run(() => gate.promise);
  assert.equal(busy.size, 1);
  gate.resolve(7);
  assert.equal(await running, 7);
  const failing = busy.run(() => {
    throw new RangeError("no");
  });
  await assert.rejects(failing, RangeError);
  assert.equal(busy.size, 0);
});

Deno.test("BusyWork calls off what goes on and what is still to come, for the first reason", async () => {
  const busy = new BusyWork();
  const gate = Promise.withResolvers<void>();
  const reasonOf = async (stopped: AbortSignal) => {
    await gate.promise;
    return stopped.reason;
  };
  const running = busy.run(reasonOf);
  busy.callOff("first");
  busy.callOff("second");
  gate.resolve();
  assert.deepEqual([await running, await busy.run(reasonOf)], ["first", "first"]);
});
