import type { ClosedSet, MemberOf } from "../closed_set.ts";
import { enumValues, isEnumValue } from "../enum_values.ts";
import { isArray, showValue } from "../show_value.ts";
import { InvalidRecordError, type RecordFault } from "./invalid_record_error.ts";
import { childPath, copyJson, type JsonObject, MAX_JSON_VALUES } from "./json_value.ts";
import { readUtcTime } from "./utc_time.ts";

/** Reads one value; it notes what is wrong and returns undefined, or returns what it read. */
export type Read<T> = (value: unknown, at: Place) => T | undefined;

/** Where a value stands. */
export interface Place {
  /** Its path. */
  readonly path: string;
  /** Whether it comes from a wire form; else it is an option of a constructor. */
  readonly isWire: boolean;
  /** Gets what is wrong. */
  readonly faults: RecordFault[];
}

/** One field of a record. */
export interface Field<T> {
  /** Reads it. */
  readonly read: Read<T>;
  /** What an absent one is; undefined when it must be there. */
  readonly fallback?: T;
}

/** @returns A field that must be there. */
export function required<T>(read: Read<T>): Field<T> {
  return { read };
}

/** @returns A field with a default; an array or object given for one is frozen already. */
export function optional<T>(read: Read<T>, fallback: T): Field<T> {
  return { read, fallback };
}

/** @returns A field that is null when it is absent. */
export function nullable<T>(read: Read<T>): Field<T | null> {
  return { read: (value, at) => value === null ? null : read(value, at), fallback: null };
}

/** Reads a text. */
export const text: Read<string> = (value, at) =>
  typeof value === "string" ? value : refuse(at, "a text", value);

/** Reads a text that has more than blanks. */
export const filledText: Read<string> = (value, at) =>
  typeof value === "string" && value.trim() !== ""
    ? value
    : refuse(at, "a text that is not blank", value);

/** Reads true or false. */
export const flag: Read<boolean> = (value, at) =>
  typeof value === "boolean" ? value : refuse(at, "true or false", value);

/** Reads any number; from a wire form, which could not carry another back, only a finite one. */
export const anyNumber: Read<number> = (value, at) => {
  const fits = typeof value === "number" && (!at.isWire || Number.isFinite(value));
  return fits ? value + 0 : refuse(at, at.isWire ? "a finite number" : "a number", value);
};

/** Reads a moment as UTC ISO text. */
export const time: Read<string> = (value, at) =>
  readUtcTime(value) ?? refuse(at, "a time in ISO 8601", value);

/** Limits of a number. */
export interface NumberLimits {
  /** It must be more than this. */
  readonly above?: number;
  /** It must not be less than this. */
  readonly min?: number;
  /** It must not be more than this. */
  readonly max?: number;
  /** It must be whole, and small enough to be exact. */
  readonly isWhole?: boolean;
}

/** @returns A reader of finite numbers inside limits. */
export function numberWithin(limits: NumberLimits): Read<number> {
  const { above = -Infinity, min = -Infinity, max = Number.MAX_VALUE, isWhole = false } = limits;
  const wanted = describeLimits(limits);
  return (value, at) => {
    const fits = typeof value === "number" && Number.isFinite(value) &&
      value > above && value >= min && value <= max && (!isWhole || Number.isSafeInteger(value));
    return fits ? value + 0 : refuse(at, wanted, value);
  };
}

function describeLimits({ above, min, max, isWhole = false }: NumberLimits): string {
  const bounds = [
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(min === undefined ? [] : [`of at least ${min}`]),
    ...(max === undefined ? [] : [`of at most ${max}`]),
  ];
  return [isWhole ? "a whole number" : "a finite number", bounds.join(" and ")].join(" ").trim();
}

/** Reads a number of things. */
export const count: Read<number> = numberWithin({ min: 0, isWhole: true });

/** @returns A reader of the members of a closed set. */
export function member<E extends ClosedSet>(set: E): Read<MemberOf<E>> {
  const wanted = `one of ${enumValues(set).join(", ")}`;
  return (value, at) => isEnumValue(set, value) ? value : refuse(at, wanted, value);
}

/** Reads texts in their order, frozen. */
export const texts: Read<readonly string[]> = (value, at) => readTexts(value, at);

/** Reads a set of texts from an array or a `Set`: sorted, each once, frozen. */
export const textSet: Read<readonly string[]> = (value, at) => {
  const items = readTexts(value instanceof Set ? [...value] : value, at);
  return items && Object.freeze([...new Set(items)].sort());
};

function readTexts(value: unknown, at: Place): readonly string[] | undefined {
  if (!Array.isArray(value)) return refuse(at, "an array of texts", value);
  if (value.length > MAX_JSON_VALUES) {
    return refuse(at, `an array of at most ${MAX_JSON_VALUES} texts`, value);
  }
  const before = at.faults.length;
  const items = Array.from(value, (item: unknown, i) => {
    if (typeof item === "string") return item;
    return refuse({ ...at, path: childPath(at.path, i) }, "a text", item) ?? "";
  });
  return at.faults.length === before ? Object.freeze(items) : undefined;
}

/** Reads a JSON object, copied and frozen to its depths. */
export const jsonObject: Read<JsonObject> = (value, at) => {
  if (!isObject(value)) return refuse(at, "an object", value);
  return copyJson(value, at.path, at.faults) as JsonObject | undefined;
};

/** @returns A reader of objects whose values one reader reads, copied and frozen. */
export function mapOf<T>(read: Read<T>): Read<Readonly<Record<string, T>>> {
  return (value, at) => {
    const copy = jsonObject(value, at);
    if (copy === undefined) return undefined;
    const before = at.faults.length;
    for (const [key, item] of Object.entries(copy)) {
      read(item, { ...at, path: childPath(at.path, key) });
    }
    return at.faults.length === before ? copy as Readonly<Record<string, T>> : undefined;
  };
}

/** What {@link nested} needs of a record's class. */
export interface RecordClass<T> {
  /** The class's name. */
  readonly name: string;
  /** Finds its instances. */
  [Symbol.hasInstance](value: unknown): boolean;
  /** Reads its wire form. */
  fromDict(dict: unknown): T;
}

/** @returns A reader of records: instances, or wire forms where a wire form is read. */
export function nested<T>(type: RecordClass<T>): Read<T> {
  return (value, at) => {
    if (value instanceof type) return value as T;
    if (!at.isWire) return refuse(at, `a ${type.name}`, value);
    try {
      return type.fromDict(value);
    } catch (error) {
      if (!(error instanceof InvalidRecordError)) throw error;
      at.faults.push(...error.faults.map(({ path, message }) => ({
        path: path === "" ? at.path : `${at.path}.${path}`,
        message,
      })));
      return undefined;
    }
  };
}

/** @returns True for an object that is no array. */
export function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !isArray(value);
}

function refuse({ path, faults }: Place, wanted: string, value: unknown): undefined {
  faults.push({ path, message: `must be ${wanted}, got ${showValue(value)}` });
  return undefined;
}
