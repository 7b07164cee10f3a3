import assert from "node:assert/strict";
import { InvalidRecordError, type RecordFault } from "../../../enums/mod.ts";

/** What every record has. */
export interface WireRecord {
  toDict(): object;
  toJSON(): object;
}

/** A record's class. */
export interface RecordType<T extends WireRecord> {
  readonly name: string;
  // deno-lint-ignore no-explicit-any -- each record has options of its own
  new (options: any): T;
  fromDict(dict: unknown): T;
}

/** One record, as its constructor takes it and as it goes over the wire. */
export interface RecordSample {
  /** Options that are required, and no others. */
  readonly least: Record<string, unknown>;
  /** The JSON text of a record of these options. */
  readonly leastWire: string;
  /** Options with every field set, none to its default. */
  readonly full: Record<string, unknown>;
  /** The JSON text of a record of those. */
  readonly fullWire: string;
  /** Keys that are worked out. */
  readonly derived: readonly string[];
}

/** @returns The faults that something throws. */
export function faultsOf(run: () => unknown): readonly RecordFault[] {
  try {
    run();
  } catch (error) {
    assert.ok(error instanceof InvalidRecordError, String(error));
    assert.ok(error instanceof TypeError);
    assert.equal(error.code, "INVALID_RECORD");
    return error.faults;
  }
  assert.fail("nothing was thrown");
}

/** @returns The paths of the faults that something throws. */
export function faultPaths(run: () => unknown): string[] {
  return faultsOf(run).map((fault) => fault.path);
}

/** Fails when anything that can be reached from a value can be changed. */
export function assertDeepFrozen(value: unknown, path = "record"): void {
  if (typeof value !== "object" || value === null) return;
  assert.ok(Object.isFrozen(value), `${path} is not frozen`);
  for (const [key, item] of Object.entries(value)) assertDeepFrozen(item, `${path}.${key}`);
}

/** Registers the tests that every record must pass. */
export function testRecord<T extends WireRecord>(type: RecordType<T>, sample: RecordSample): void {
  const { least, leastWire, full, fullWire, derived } = sample;
  const { name } = type;

  Deno.test(`${name} writes every key in its order, with defaults and nulls`, () => {
    assert.equal(JSON.stringify(new type(least)), leastWire);
    assert.equal(JSON.stringify(new type(full)), fullWire);
    assert.deepEqual(new type(full).toDict(), JSON.parse(fullWire));
    assert.deepEqual(new type(full).toJSON(), JSON.parse(fullWire));
    const defaults = new type(least).toDict() as Record<string, unknown>;
    const optional = Object.entries(new type(full).toDict())
      .filter(([key]) => !(key in wireOf(least)) && !derived.includes(key));
    for (const [key, value] of optional) assert.notDeepEqual(value, defaults[key], key);
  });

  Deno.test(`${name} reads back what it wrote`, () => {
    for (const options of [least, full]) {
      const record = new type(options);
      const read = type.fromDict(JSON.parse(JSON.stringify(record)));
      assert.deepEqual(read, record);
      assert.ok(read instanceof type);
      assert.deepEqual(type.fromDict(record.toDict()), record, "from the dict itself");
    }
  });

  Deno.test(`${name} takes defaults for absent keys, and ignores unknown and derived ones`, () => {
    const wire = JSON.parse(leastWire);
    const required = Object.keys(wireOf(least)).map((key) => [key, wire[key]]);
    assert.deepEqual(type.fromDict(Object.fromEntries(required)), new type(least));
    const junk = Object.fromEntries(derived.map((key) => [key, { not: "that" }]));
    const noisy = { ...wire, ...junk, added_by_a_newer_peer: [() => 1] };
    assert.deepEqual(type.fromDict(noisy), new type(least));
  });

  Deno.test(`${name} cannot be changed through what it was given or what it gives`, () => {
    const given = structuredCloneable(full);
    const record = new type(given);
    const before = JSON.stringify(record);
    scramble(given);
    assert.equal(JSON.stringify(record), before);
    assertDeepFrozen(record);
    const dict = record.toDict() as Record<string, unknown>;
    for (const key of Object.keys(dict)) {
      if (typeof dict[key] === "object" && key !== "config") assertDeepFrozen(dict[key], key);
    }
    for (const key of Object.keys(dict)) dict[key] = "changed";
    assert.equal(JSON.stringify(record), before);
  });

  Deno.test(`${name} names every required key that is missing`, () => {
    assert.deepEqual(faultPaths(() => new type({})), Object.keys(least));
    assert.deepEqual(faultPaths(() => type.fromDict({})), Object.keys(wireOf(least)));
    const undefinedOnes = Object.fromEntries(Object.keys(least).map((key) => [key, undefined]));
    assert.deepEqual(faultPaths(() => new type(undefinedOnes)), Object.keys(least));
  });

  Deno.test(`${name} names every option that it does not know`, () => {
    const [key] = Object.keys(least) as [string];
    const faults = faultsOf(() => new type({ ...least, [`${key}_`]: 1, nonsense: 2 }));
    assert.deepEqual(faults.map(({ path }) => path), [`${key}_`, "nonsense"]);
    assert.equal(faults[0]?.message, `is no option: did you mean ${key}?`);
    assert.match(faults[1]?.message ?? "", new RegExp(`^is no option: known are .*${key}`));
  });

  Deno.test(`${name} reports every field of the wrong type at once`, () => {
    const dict = new type(full).toDict();
    const keys = Object.keys(dict).filter((key) => !derived.includes(key));
    const wrong = Object.fromEntries(keys.map((key) => [key, Symbol("wrong")]));
    assert.deepEqual(faultPaths(() => type.fromDict(wrong)), keys);
    const options = Object.fromEntries(Object.keys(full).map((key) => [key, 1n]));
    assert.deepEqual(faultPaths(() => new type(options)).toSorted(), Object.keys(full).toSorted());
  });

  Deno.test(`${name} refuses what is no object`, () => {
    for (const value of [null, undefined, 1, "text", [], [least], () => least]) {
      assert.deepEqual(faultPaths(() => type.fromDict(value)), [""]);
      assert.deepEqual(faultPaths(() => new type(value)), [""]);
    }
    assert.deepEqual(
      faultPaths(() => type.fromDict(Object.create(wireOf(least)))),
      Object.keys(wireOf(least)),
      "inherited keys do not count",
    );
  });
}

function wireOf(options: Record<string, unknown>): Record<string, unknown> {
  const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [snake(key), value]));
}

/** A copy whose nested plain data is its own; records inside stay. */
function structuredCloneable(options: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).map(([key, value]) => [
      key,
      Object.isFrozen(value) ? value : structuredClone(value),
    ]),
  );
}

/** Changes everything that can be changed. */
function scramble(value: unknown): void {
  if (typeof value !== "object" || value === null || Object.isFrozen(value)) return;
  if (value instanceof Set) value.add("scrambled");
  if (value instanceof Date) value.setTime(1);
  if (Array.isArray(value)) value.push("scrambled");
  for (const key of Object.keys(value)) {
    scramble(Reflect.get(value, key));
    Reflect.set(value, key, "scrambled");
  }
}
