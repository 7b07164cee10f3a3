/** How much of a stream is kept, in bytes; the rest is read and dropped. */
export const OUTPUT_MAX_BYTES = 4_096;

/**
 * Reads a stream to its end, or until a signal aborts: a process that nobody knows may hold it open.
 *
 * @param stream What is read.
 * @param signal Ends the reading.
 * @returns The first 4,096 bytes as text.
 */
export async function readStart(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let leftBytes = OUTPUT_MAX_BYTES;
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      text += decoder.decode(value.subarray(0, leftBytes), { stream: true });
      leftBytes = Math.max(0, leftBytes - value.length);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
