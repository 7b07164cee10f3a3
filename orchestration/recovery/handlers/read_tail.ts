import { readChunks } from "../../../config/availability/probes/read_chunks.ts";

/**
 * Reads a stream to its end, or until a signal aborts, and keeps its last bytes.
 *
 * @param stream What is read.
 * @param options How many of its last bytes are kept, and what ends the reading.
 * @returns The last bytes as text.
 */
export async function readTail(
  stream: ReadableStream<Uint8Array>,
  options: { readonly maxBytes: number; readonly signal: AbortSignal },
): Promise<string> {
  const { maxBytes, signal } = options;
  let tail = new Uint8Array(0);
  await readChunks(stream, signal, (chunk) => tail = lastOf(tail, chunk, maxBytes));
  return new TextDecoder().decode(tail);
}

function lastOf(before: Uint8Array, more: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const fresh = more.subarray(Math.max(0, more.length - maxBytes));
  const old = before.subarray(Math.max(0, before.length + fresh.length - maxBytes));
  const tail = new Uint8Array(old.length + fresh.length);
  tail.set(old);
  tail.set(fresh, old.length);
  return tail;
}
