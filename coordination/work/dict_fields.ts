/** Reads fields of an item in wire form one by one, naming the first that is not what it should be. */
export class DictFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  /**
   * @param dict What was read.
   * @throws {TypeError} when it is no object.
   */
  constructor(dict: unknown) {
    if (typeof dict !== "object" || dict === null || Array.isArray(dict)) {
      throw new TypeError(`Cannot read work: expected an object, got ${String(dict)}`);
    }
    this.#fields = dict as Record<string, unknown>;
  }

  /** @returns The field, a text. */
  text(name: string): string {
    const value = this.json(name);
    if (typeof value === "string") return value;
    throw this.#expected(name, "a text");
  }

  /** @returns The field, a text or null. */
  textOrNull(name: string): string | null {
    return this.json(name) === null ? null : this.text(name);
  }

  /** @returns The field, a finite number. */
  number(name: string): number {
    const value = this.json(name);
    if (typeof value === "number" && Number.isFinite(value)) return value;
    throw this.#expected(name, "a number");
  }

  /** @returns The field, one of a closed set. */
  oneOf<T extends string>(name: string, members: readonly T[]): T {
    const found = members.find((member) => member === this.json(name));
    if (found !== undefined) return found;
    throw this.#expected(name, `one of ${members.join(", ")}`);
  }

  /** @returns The field, an object whose values are texts. */
  texts(name: string): Readonly<Record<string, string>> {
    const value = this.json(name);
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    if (isObject && Object.values(value).every((text) => typeof text === "string")) {
      return value as Record<string, string>;
    }
    throw this.#expected(name, "an object of texts");
  }

  /** @returns The field, any JSON value, but there. */
  json(name: string): unknown {
    if (Object.hasOwn(this.#fields, name)) return this.#fields[name];
    throw this.#expected(name, "there");
  }

  #expected(name: string, wanted: string): TypeError {
    return new TypeError(`Cannot read work: expected "${name}" to be ${wanted}`);
  }
}
