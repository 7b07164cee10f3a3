const ID_MAX_LENGTH = 256;

/**
 * Refuses a name that cannot be part of a key. Separators are welcome: names are never joined.
 *
 * @param option The option's name, for the message.
 * @param value The name.
 * @returns The name.
 * @throws {TypeError} when it is not a text of 1 to 256 characters without control characters.
 */
export function checkIdentifier(option: string, value: string): string {
  // deno-lint-ignore no-control-regex
  if (typeof value !== "string" || value.length === 0 || /[\u0000-\u001f\u007f]/.test(value)) {
    throw new TypeError(
      `${option} must be a text without control characters, got ${describe(value)}`,
    );
  }
  if (!value.isWellFormed()) {
    throw new TypeError(`${option} must be well-formed Unicode, got ${JSON.stringify(value)}`);
  }
  if (value.length > ID_MAX_LENGTH) {
    throw new RangeError(
      `${option} must have at most ${ID_MAX_LENGTH} characters, got ${value.length}`,
    );
  }
  return value;
}

/**
 * Refuses a cluster's name that leaves its keys no room.
 *
 * @param name The name.
 * @returns The name.
 * @throws {TypeError} when it is no text of 1 to 256 characters without control characters.
 * @throws {RangeError} when it is too long, in characters or in bytes.
 */
export function checkClusterName(name: string): string {
  const length = partLength(checkIdentifier("cluster", name));
  if (length > CLUSTER_MAX_LENGTH) {
    throw new RangeError(`cluster must have at most ${CLUSTER_MAX_LENGTH} bytes, got ${length}`);
  }
  return name;
}

/**
 * Refuses a prefix that no store takes.
 *
 * @param prefix The first parts of a key.
 * @returns A copy.
 * @throws {TypeError} when a part is none that a key may have.
 * @throws {RangeError} when it is too long to leave room for names.
 */
export function checkPrefix(prefix: Deno.KvKey): Deno.KvKey {
  const length = prefix.reduce<number>((sum, part) => sum + partLength(part), 0);
  if (length > PREFIX_MAX_LENGTH) {
    throw new RangeError(`prefix must have at most ${PREFIX_MAX_LENGTH} bytes, got ${length}`);
  }
  return [...prefix];
}

const PREFIX_MAX_LENGTH = 512;
/** The cluster's election has a prefix of "baton", "cluster" and the name. */
const CLUSTER_MAX_LENGTH = PREFIX_MAX_LENGTH - "baton".length - "cluster".length;
const NUMBER_LENGTH = 8;

function partLength(part: Deno.KvKeyPart): number {
  switch (typeof part) {
    case "string":
      return new TextEncoder().encode(checkIdentifier("a part of prefix", part)).length;
    case "number":
    case "bigint":
    case "boolean":
      return NUMBER_LENGTH;
    default:
      if (part instanceof Uint8Array) return part.length;
      throw new TypeError(`prefix must be a list of key parts, got ${typeof part} in it`);
  }
}

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  return typeof value === "object" && value !== null ? "an object" : String(value);
}
