import assert from "node:assert/strict";
import { HTTP2_PREFACE, Http2Frames } from "./http2_frames.ts";

const SETTINGS = 4;
const HEADERS = 1;

function frame(type: number, payload: readonly number[]): number[] {
  return [0, 0, payload.length, type, 0, 0, 0, 0, 1, ...payload];
}

const SENT = [frame(SETTINGS, []), frame(HEADERS, [7, 8]), frame(SETTINGS, [9])];

Deno.test("Http2Frames cuts frames whatever the pieces they arrive in", () => {
  for (const pieceBytes of [1, 2, 8, 9, 10, 1_000]) {
    const frames = new Http2Frames("server");
    const all = Uint8Array.from(SENT.flat());
    const seen = [];
    for (let at = 0; at < all.length; at += pieceBytes) {
      seen.push(...frames.push(all.subarray(at, at + pieceBytes)));
    }
    assert.deepEqual(seen.map(({ bytes }) => [...bytes]), SENT, `pieces of ${pieceBytes}`);
    assert.deepEqual(seen.map(({ isHead }) => isHead), [false, true, false]);
  }
});

Deno.test("Http2Frames takes a client's preface for a frame of its own", () => {
  const frames = new Http2Frames("client");
  assert.deepEqual(frames.push(HTTP2_PREFACE.subarray(0, 20)), []);
  const rest = Uint8Array.from([...HTTP2_PREFACE.subarray(20), ...frame(HEADERS, [])]);
  const seen = frames.push(rest);
  assert.deepEqual(seen.map(({ bytes }) => bytes.length), [HTTP2_PREFACE.length, 9]);
  assert.deepEqual(seen.map(({ isHead }) => isHead), [false, true]);
});

Deno.test("Http2Frames reads lengths of three bytes", () => {
  const frames = new Http2Frames("server");
  const bytes = new Uint8Array(9 + 0x010203);
  bytes.set([1, 2, 3, HEADERS]);
  assert.deepEqual(frames.push(bytes.subarray(0, bytes.length - 1)), []);
  assert.equal(frames.push(bytes.subarray(bytes.length - 1))[0]?.bytes.length, bytes.length);
});
