/** Reads the text of a file. It may throw what Deno throws. */
export type ReadText = (path: string, maxBytes: number) => Promise<string>;

/** Why a file was not read, though the system would have let it. */
export class FileProblem extends Error {
  /** Tells this error from others. */
  override readonly name = "FileProblem";
  /** What kind of problem it is. */
  readonly kind: "not-permitted" | "not-a-file" | "too-large" | "not-utf8";
  /** What was found. */
  readonly got: string;
  /** What was expected. */
  readonly expected: string;

  /** The kind, what was found and what was expected. */
  constructor(kind: FileProblem["kind"], got: string, expected: string) {
    super(`${kind}: got ${got}, expected ${expected}`);
    this.kind = kind;
    this.got = got;
    this.expected = expected;
  }
}

/**
 * Reads a file as UTF-8. Never prompts: it looks whether it may before it tries. A folder, a pipe or
 * a device is not opened.
 *
 * @param path The file.
 * @param maxBytes How many bytes it may have.
 * @returns Its text.
 * @throws {FileProblem} when it is not to be read.
 */
export async function readConfigText(path: string, maxBytes: number): Promise<string> {
  const { state } = await Deno.permissions.query({ name: "read", path });
  if (state !== "granted") {
    throw new FileProblem("not-permitted", "no permission", `--allow-read=${path}`);
  }
  const { isFile, isDirectory, size } = await Deno.stat(path);
  if (!isFile) {
    throw new FileProblem("not-a-file", isDirectory ? "a folder" : "a device", "a file");
  }
  if (size > maxBytes) {
    throw new FileProblem("too-large", `${size} bytes`, `at most ${maxBytes}`);
  }
  const bytes = await Deno.readFile(path);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new FileProblem("not-utf8", "other bytes", "UTF-8");
  }
}
