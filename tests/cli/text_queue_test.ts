import assert from "node:assert/strict";
import { TextQueue } from "../../cli/text_queue.ts";
import { systemClock } from "../../clock.ts";

/** A sink that takes three bytes at a time, and nothing while it is stopped. */
class SlowSink {
  text = "";
  gate = Promise.resolve();
  isBroken = false;

  async write(bytes: Uint8Array): Promise<number> {
    await this.gate;
    if (this.isBroken) throw new Deno.errors.BrokenPipe("gone");
    const taken = Math.min(3, bytes.length);
    this.text += new TextDecoder().decode(bytes.subarray(0, taken));
    return taken;
  }
}

Deno.test("TextQueue writes texts whole and in order", async () => {
  const sink = new SlowSink();
  const queue = new TextQueue(sink);
  for (const text of ["first\n", "second\n", "third\n"]) queue.write(text);
  await queue.flush(1_000, systemClock);
  assert.equal(sink.text, "first\nsecond\nthird\n");
});

Deno.test("TextQueue never makes its writer wait, and says how much it dropped", async () => {
  const sink = new SlowSink();
  const stopped = Promise.withResolvers<void>();
  sink.gate = stopped.promise;
  const queue = new TextQueue(sink);
  for (let line = 0; line < 1_101; line++) queue.write(`${line}\n`);
  await queue.flush(1, systemClock);
  assert.equal(sink.text, "");
  stopped.resolve();
  await queue.flush(5_000, systemClock);
  queue.write("more\n");
  await queue.flush(1_000, systemClock);
  assert.match(sink.text, /^0\n1\n/);
  assert.match(sink.text, /\n1000\n\(100 lines were dropped here\)\nmore\n$/);
});

Deno.test("TextQueue goes on after a sink that failed", async () => {
  const sink = new SlowSink();
  sink.isBroken = true;
  const queue = new TextQueue(sink);
  queue.write("lost\n");
  await queue.flush(1_000, systemClock);
  sink.isBroken = false;
  queue.write("kept\n");
  await queue.flush(1_000, systemClock);
  assert.equal(sink.text, "(1 lines were dropped here)\nkept\n");
});
