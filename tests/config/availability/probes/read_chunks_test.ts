import assert from "node:assert/strict";
import { readChunks } from "../../../../config/availability/probes/read_chunks.ts";

/** A stream that never ends by itself. */
function openStream() {
  const given = { cancelled: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([1])),
    cancel: () => void (given.cancelled = true),
  });
  return { stream, given };
}

Deno.test("readChunks gives what comes in its order, to the end", async () => {
  const taken: number[] = [];
  const stream = ReadableStream.from([new Uint8Array([1, 2]), new Uint8Array([3])]);
  await readChunks(stream, new AbortController().signal, (chunk) => taken.push(...chunk));
  assert.deepEqual(taken, [1, 2, 3]);
});

Deno.test("readChunks ends when its signal aborts, and gives up the stream", async () => {
  const { stream, given } = openStream();
  const stop = new AbortController();
  const taken: number[] = [];
  const reading = readChunks(stream, stop.signal, (chunk) => taken.push(...chunk));
  stop.abort();
  await reading;
  assert.deepEqual([taken, given.cancelled], [[1], true]);
});

Deno.test("readChunks ends at once when its signal has aborted before", async () => {
  const { stream, given } = openStream();
  await readChunks(stream, AbortSignal.abort(), () => {});
  assert.ok(given.cancelled);
});
