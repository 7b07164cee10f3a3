/**
 * Reads a stream to its end, or until a signal aborts: a process that nobody knows may hold it open.
 *
 * @param stream What is read.
 * @param signal Ends the reading, and gives up the stream.
 * @param take Takes what comes, piece by piece.
 */
export async function readChunks(
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  const reader = stream.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      take(value);
    }
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
