/** Most faults that are told; the others are counted. */
const TOLD_MAX = 10;

const MARK = /<\d{4}>/g;

/**
 * Says by what all that belongs to a user is known. It is in the user's ids, data, results and errors,
 * and no user's mark is a part of another's, even where a text is cut.
 */
export function markOf(user: number): string {
  return `<${String(user).padStart(4, "0")}>`;
}

/** Collects what is wrong, for an agent that throws only fails, and a sink that throws is only counted. */
export class Watch {
  readonly #told: string[] = [];
  #count = 0;
  #looks = 0;

  /** How often something was found to be its user's own. */
  get looks(): number {
    return this.#looks;
  }

  /** Notes that something is wrong. */
  fault(text: string): void {
    this.#count++;
    if (this.#told.length < TOLD_MAX) this.#told.push(text);
  }

  /** Notes when something is not what it must be. */
  is(what: string, actual: unknown, expected: unknown): void {
    if (actual !== expected) this.fault(`${what}: is ${showAny(actual)}, not ${showAny(expected)}`);
  }

  /** Notes when something that belongs to a user names nobody, or somebody else. */
  own(what: string, value: unknown, mark: string): void {
    const text = typeof value === "string" ? value : showAny(value);
    let found = 0;
    for (const [one] of text.matchAll(MARK)) {
      found++;
      if (one !== mark) return this.fault(`${what} of ${mark} holds ${one}: ${text}`);
    }
    if (found === 0) return this.fault(`${what} of ${mark} holds no mark: ${text}`);
    this.#looks++;
  }

  /** Throws when anything was wrong. */
  conclude(): void {
    if (this.#count === 0) return;
    throw new Error(`${this.#count} faults, such as:\n${this.#told.join("\n")}`);
  }
}

/** Writes a value with all that an error says and was caused by. */
function showAny(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? String(value);
  const { name, message, cause } = value;
  const rest = cause === undefined ? "" : `, caused by ${showAny(cause)}`;
  return `${name}: ${message} ${JSON.stringify(value)}${rest}`;
}
