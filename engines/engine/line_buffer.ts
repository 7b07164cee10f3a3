/** The longest line between a host and the process of an agent, in bytes. */
const LINE_MAX_BYTES = 4 * 1024 * 1024;

const NEWLINE = 10;

/** Cuts a stream of bytes into lines, none longer than 4 MiB. */
export class LineBuffer {
  readonly #decoder = new TextDecoder();
  #parts: Uint8Array[] = [];
  #size = 0;

  /**
   * Takes the next bytes.
   *
   * @param chunk The bytes; they must not change afterwards.
   * @returns The lines that they complete, without their ends.
   * @throws {RangeError} when a line is too long. The buffer is of no use then.
   */
  push(chunk: Uint8Array): string[] {
    const lines: string[] = [];
    let from = 0;
    for (let to = chunk.indexOf(NEWLINE); to >= 0; to = chunk.indexOf(NEWLINE, from)) {
      this.#keep(chunk.subarray(from, to));
      lines.push(this.#take());
      from = to + 1;
    }
    this.#keep(chunk.subarray(from));
    return lines;
  }

  #keep(part: Uint8Array): void {
    this.#size += part.length;
    if (this.#size > LINE_MAX_BYTES) {
      throw new RangeError(`A line is longer than ${LINE_MAX_BYTES} bytes`);
    }
    if (part.length > 0) this.#parts.push(part);
  }

  #take(): string {
    const parts = this.#parts;
    this.#parts = [];
    this.#size = 0;
    return parts.map((part) => this.#decoder.decode(part, { stream: true })).join("") +
      this.#decoder.decode();
  }
}

/**
 * Makes a line of a message.
 *
 * @param message The message: plain data.
 * @returns The bytes, with the line's end.
 * @throws {RangeError} when it is too long.
 */
export function encodeLine(message: unknown): Uint8Array<ArrayBuffer> {
  const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  if (line.length - 1 <= LINE_MAX_BYTES) return line;
  throw new RangeError(
    `A message takes ${line.length - 1} bytes, but at most ${LINE_MAX_BYTES} are sent`,
  );
}
