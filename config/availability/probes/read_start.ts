import { readChunks } from "./read_chunks.ts";

/** How much of a stream is kept, in bytes; the rest is read and dropped. */
export const OUTPUT_MAX_BYTES = 4_096;

/**
 * Reads a stream to its end, or until a signal aborts, and keeps its start.
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
  await readChunks(stream, signal, (chunk) => {
    text += decoder.decode(chunk.subarray(0, leftBytes), { stream: true });
    leftBytes = Math.max(0, leftBytes - chunk.length);
  });
  return text + decoder.decode();
}
