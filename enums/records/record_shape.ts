import { showUnreadable, showValue } from "../show_value.ts";
import { type Field, isObject, type Place } from "./field.ts";
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

/** A field that is worked out from others, once those are known. */
export type Derived<F extends Fields> = {
  /** The field. What the wire says about it then is not looked at. */
  readonly field: keyof F & string;
  /** Whether the others are known. One that was refused is undefined here. */
  readonly isKnown: (values: Partial<ValuesOf<F>>) => boolean;
};

/** Reads the fields of a record, from the options of its constructor or from its wire form. */
export class RecordShape<F extends Fields> {
  /** The record's name. */
  readonly name: string;
  readonly #fields: readonly (readonly [name: string, wireKey: string, Field<unknown>])[];
  readonly #rules: readonly Rule<F>[];
  readonly #derived: readonly Derived<F>[];
  /** What was read already, so that a constructor need not read what `fromDict` just did. */
  readonly #done = new WeakSet<object>();

  /**
   * Describes a record.
   *
   * @param name The record's name.
   * @param fields Its fields.
   * @param rules What holds between them.
   * @param derived Those that are worked out from others.
   */
  constructor(
    name: string,
    fields: F,
    rules: readonly Rule<F>[] = [],
    derived: readonly Derived<F>[] = [],
  ) {
    this.name = name;
    this.#fields = Object.entries(fields).map(([key, field]) => [key, snakeCase(key), field]);
    this.#rules = rules;
    this.#derived = derived;
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

  #read(source: unknown, isWire: boolean, unknown: readonly RecordFault[]): ValuesOf<F> {
    if (!isObject(source)) {
      const message = `must be an object, got ${showValue(source)}`;
      throw new InvalidRecordError(this.name, [{ path: "", message }]);
    }
    const values: Record<string, unknown> = {};
    const found: RecordFault[] = [...unknown];
    for (const [name, wireKey, field] of this.#fields) {
      const path = isWire ? wireKey : name;
      values[name] = readField(field, source, { path, isWire, faults: found });
    }
    const faults = isWire ? this.#dropDerived(values as ValuesOf<F>, found) : found;
    this.#checkRules(values as ValuesOf<F>, isWire, faults);
    if (faults.length > 0) throw new InvalidRecordError(this.name, faults);
    return values as ValuesOf<F>;
  }

  /** @returns The faults without those of fields that are worked out anyway. */
  #dropDerived(values: Partial<ValuesOf<F>>, faults: readonly RecordFault[]): RecordFault[] {
    const dropped = this.#derived.filter(({ isKnown }) => isKnown(values))
      .map(({ field }) => snakeCase(field));
    return faults.filter(({ path }) => !dropped.includes(path));
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
    let keys: readonly string[];
    try {
      keys = Object.keys(options);
    } catch (error) {
      return [{ path: "", message: showUnreadable(error) }];
    }
    return keys.filter((key) => !known.includes(key)).map((key) => {
      const meant = known.find((name) => fold(name) === fold(key));
      const hint = meant === undefined ? `known are ${known.join(", ")}` : `did you mean ${meant}?`;
      return { path: childPath("", key), message: `is no option: ${hint}` };
    });
  }
}

/** Reads a field; a getter or a proxy that throws is a fault like others. */
function readField(field: Field<unknown>, source: object, at: Place): unknown {
  try {
    const isThere = Object.hasOwn(source, at.path);
    const given: unknown = isThere ? Reflect.get(source, at.path) : undefined;
    if (given !== undefined) return field.read(given, at);
  } catch (error) {
    at.faults.push({ path: at.path, message: showUnreadable(error) });
    return undefined;
  }
  if (field.fallback === undefined) at.faults.push({ path: at.path, message: "is missing" });
  return field.fallback;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function fold(name: string): string {
  return name.replaceAll("_", "").toLowerCase();
}
