import assert from "node:assert/strict";
import { readTail } from "../../../../orchestration/recovery/handlers/read_tail.ts";
import { streamOf } from "./action_fixtures.ts";

const { signal } = new AbortController();

Deno.test("readTail keeps the last bytes of a stream, however it comes in", async () => {
  const cases = [
    [["abc"], 5, "abc"],
    [["abc", "def"], 4, "cdef"],
    [["abcdef"], 4, "cdef"],
    [["a", "", "bc", "defgh", "i"], 3, "ghi"],
    [["abc"], 0, ""],
    [[], 4, ""],
  ] as const;
  for (const [chunks, maxBytes, tail] of cases) {
    assert.equal(await readTail(streamOf(...chunks), { maxBytes, signal }), tail);
  }
});

Deno.test("readTail ends when its signal aborts, and gives up the stream", async () => {
  const stop = new AbortController();
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("abc")),
    cancel: () => void (cancelled = true),
  });
  const tail = readTail(stream, { maxBytes: 10, signal: stop.signal });
  stop.abort();
  assert.equal(await tail, "abc");
  assert.ok(cancelled);
});
