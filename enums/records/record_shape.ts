import { showValue } from "../show_value.ts";
import { type Field, isObject } from "./field.ts";
import { InvalidRecordError, type RecordFault } from "./invalid_record_error.ts";
import { childPath } from "./json_value.ts";

/** The fields of a record by their names in camelCase, in the order of the wire. */
export type Fields = Readonly<Record<string, Field<unknown>>>;

/** What the fields of a record hold. */
export type ValuesOf<F extends Fields> = {
  readonly [K in keyof F]: F[K] extends Field<infer T> ? T : never;
};

/** A statement about several fields. One that was refused is undefined here. */
export type Rule<F extends Fields> = {
  /** The field that is named when the statement does not hold. */
  readonly field: keyof F & string;
  /** What is said then. */
  readonly message: string;
  /** Whether it does not hold. */
  readonly isBroken: (values: Partial<ValuesOf<F>>) => boolean;
};

/** Reads the fields of a record, from the options of its constructor or from its wire form. */
export class RecordShape<F extends Fields> {
  /** The record's name. */
  readonly name: string;
  readonly #fields: readonly (readonly [name: string, wireKey: string, Field<unknown>])[];
  readonly #rules: readonly Rule<F>[];
  /** What was read already, so that a constructor need not read what `fromDict` just did. */
  readonly #done = new WeakSet<object>();

  /**
   * Describes a record.
   *
   * @param name The record's name.
   * @param fields Its fields.
   * @param rules What holds between them.
   */
  constructor(name: string, fields: F, rules: readonly Rule<F>[] = []) {
    this.name = name;
    this.#fields = Object.entries(fields).map(([key, field]) => [key, snakeCase(key), field]);
    this.#rules = rules;
  }

  /**
   * Reads what a constructor was given.
   *
   * @param options The options; one that is undefined is absent.
   * @returns The values of all fields.
   * @throws {InvalidRecordError} when something is wrong, an unknown option included.
   */
  fromOptions(options: unknown): ValuesOf<F> {
    if (isObject(options) && this.#done.has(options)) return options as ValuesOf<F>;
    return this.#read(options, false, this.#unknownOptions(options));
  }

  /**
   * Reads a wire form. Keys that it does not know are ignored.
   *
   * @param dict What was read.
   * @returns The values of all fields.
   * @throws {InvalidRecordError} when something is wrong.
   */
  fromDict(dict: unknown): ValuesOf<F> {
    const values = this.#read(dict, true, []);
    this.#done.add(values);
    return values;
  }

  #read(source: unknown, isWire: boolean, faults: RecordFault[]): ValuesOf<F> {
    if (!isObject(source)) {
      const message = `must be an object, got ${showValue(source)}`;
      throw new InvalidRecordError(this.name, [{ path: "", message }]);
    }
    const values: Record<string, unknown> = {};
    for (const [name, wireKey, field] of this.#fields) {
      const path = isWire ? wireKey : name;
      const given = Object.hasOwn(source, path) ? Reflect.get(source, path) as unknown : undefined;
      values[name] = readField(field, given, { path, isWire, faults });
    }
    this.#checkRules(values as ValuesOf<F>, isWire, faults);
    if (faults.length > 0) throw new InvalidRecordError(this.name, faults);
    return values as ValuesOf<F>;
  }

  #checkRules(values: Partial<ValuesOf<F>>, isWire: boolean, faults: RecordFault[]): void {
    for (const { field, message, isBroken } of this.#rules) {
      const path = isWire ? snakeCase(field) : field;
      if (isBroken(values)) faults.push({ path, message });
    }
  }

  #unknownOptions(options: unknown): RecordFault[] {
    if (!isObject(options)) return [];
    const known = this.#fields.map(([name]) => name);
    return Object.keys(options).filter((key) => !known.includes(key)).map((key) => {
      const meant = known.find((name) => fold(name) === fold(key));
      const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
      return { path: childPath("", key), message: `is no option: ${hint}` };
    });
  }
}

function readField(
  field: Field<unknown>,
  given: unknown,
  at: Parameters<Field<unknown>["read"]>[1],
): unknown {
  if (given !== undefined) return field.read(given, at);
  if (field.fallback === undefined) at.faults.push({ path: at.path, message: "is missing" });
  return field.fallback;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fold(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
