import assert from "node:assert/strict";
import { OUTPUT_MAX_BYTES, readStart } from "../../../../config/availability/probes/read_start.ts";

const never = new AbortController().signal;

function streamOf(...chunks: readonly string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.map((each) => new TextEncoder().encode(each)));
}

Deno.test("readStart reads to the end and keeps the start", async () => {
  const cases: readonly [readonly string[], string][] = [
    [[], ""],
    [["a", "b"], "ab"],
    [["x".repeat(OUTPUT_MAX_BYTES), "y"], "x".repeat(OUTPUT_MAX_BYTES)],
    [["x".repeat(10_000)], "x".repeat(OUTPUT_MAX_BYTES)],
  ];
  for (const [chunks, expected] of cases) {
    assert.equal(await readStart(streamOf(...chunks), never), expected);
  }
});

Deno.test("readStart puts characters together that were cut in two", async () => {
  const [first, second] = [new Uint8Array([0xc3]), new Uint8Array([0xa4])];
  assert.equal(await readStart(ReadableStream.from([first, second]), never), "\u00e4");
});

Deno.test("readStart ends with what it has when its signal aborts", async () => {
  const ending = new AbortController();
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new TextEncoder().encode("begun")),
  });
  const text = readStart(stream, ending.signal);
  await Promise.resolve();
  ending.abort();
  assert.equal(await text, "begun");
});
