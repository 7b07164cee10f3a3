/**
 * Reads a stream to its end, or until a signal aborts.
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
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return new TextDecoder().decode(tail);
      tail = lastOf(tail, value, maxBytes);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function lastOf(before: Uint8Array, more: Uint8Array, maxBytes: number): Uint8Array<ArrayBuffer> {
  const fresh = more.subarray(Math.max(0, more.length - maxBytes));
  const old = before.subarray(Math.max(0, before.length + fresh.length - maxBytes));
  const tail = new Uint8Array(old.length + fresh.length);
  tail.set(old);
  tail.set(fresh, old.length);
  return tail;
}
