import { CorruptRecordError } from "./errors.ts";

/** The version of every value that Baton writes. */
export const RECORD_VERSION = 1;

/** Reads fields of a stored value one by one, naming the key and the field of the first fault. */
export class RecordFields {
  readonly #key: Deno.KvKey;
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param key Where the value stands.
   * @param value What was read there.
   * @throws {CorruptRecordError} when it is not an object of this package's version.
   */
  constructor(key: Deno.KvKey, value: unknown) {
    this.#key = key;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new CorruptRecordError(key, `expected an object, found ${describe(value)}`);
    }
    this.#fields = value as Record<string, unknown>;
    const version = this.#own("v");
    if (version !== RECORD_VERSION) {
      throw this.fault(
        typeof version === "number" && version > RECORD_VERSION
          ? `version ${version} is newer than ${RECORD_VERSION}, the one this package reads`
          : `expected "v" to be ${RECORD_VERSION}, found ${describe(version)}`,
      );
    }
  }

  /** @returns An error that names the key of this record. */
  fault(text: string): CorruptRecordError {
    return new CorruptRecordError(this.#key, text);
  }

  /** @returns The field, a non-empty text. */
  text(name: string): string {
    const value = this.#own(name);
    if (typeof value === "string" && value !== "") return value;
    throw this.#expected(name, "a text", value);
  }

  /** @returns The field, a text or null. */
  textOrNull(name: string): string | null {
    return this.#own(name) === null ? null : this.text(name);
  }

  /** @returns The field, a finite number inside the bounds. */
  number(name: string, min: number, max: number): number {
    const value = this.#own(name);
    if (typeof value === "number" && value >= min && value <= max) return value;
    throw this.#expected(name, `a number from ${min} to ${max}`, value);
  }

  /** @returns The field, a whole number inside the bounds. */
  integer(name: string, min: number, max: number): number {
    const value = this.number(name, min, max);
    if (Number.isSafeInteger(value)) return value;
    throw this.#expected(name, "a whole number", value);
  }

  /** @returns The field, an object or null. */
  objectOrNull(name: string): object | null {
    const value = this.#own(name);
    if (typeof value === "object" && !Array.isArray(value)) return value;
    throw this.#expected(name, "an object or null", value);
  }

  /** @returns The field, an object whose values are texts. */
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.objectOrNull(name) ?? {};
    if (Object.values(value).every((text) => typeof text === "string")) {
      return value as Record<string, string>;
    }
    throw this.#expected(name, "an object of texts", value);
  }

  /** @returns The field, a list of texts. */
  textList(name: string): readonly string[] {
    const value = this.#own(name);
    if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
    throw this.#expected(name, "a list of texts", value);
  }

  /** @returns The field as it stands; undefined when it is absent. */
  raw(name: string): unknown {
    return this.#own(name);
  }

  #own(name: string): unknown {
    return Object.hasOwn(this.#fields, name) ? this.#fields[name] : undefined;
  }

  #expected(name: string, wanted: string, value: unknown): CorruptRecordError {
    return this.fault(`expected "${name}" to be ${wanted}, found ${describe(value)}`);
  }
}

const SHOWN_MAX_LENGTH = 60;

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, SHOWN_MAX_LENGTH));
  if (typeof value === "object" && value !== null) {
    return Array.isArray(value) ? "a list" : "an object";
  }
  return String(value);
}
