import assert from "node:assert/strict";
import fc from "fast-check";
import { SimStore } from "../../testing/sim_store.ts";
import { checkAsyncProperty } from "../support/property.ts";

const PROGRAMS = 150;
/** More entries than the keys of a program can make. */
const ENTRIES_MAX = 200;

/** Few keys, so that operations meet. */
const key: fc.Arbitrary<Deno.KvKey> = fc.array(
  fc.constantFrom<Deno.KvKeyPart>(
    "a",
    "b",
    "a\0",
    "é",
    1,
    -1,
    1n,
    -300n,
    true,
    new Uint8Array([7]),
  ),
  { minLength: 1, maxLength: 2 },
);
const value: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.bigInt({ min: 0n, max: 9n }).map((n) => new Deno.KvU64(n)),
  fc.constantFrom(undefined, new Date(3), new Map([[1, 2]]), new Uint8Array([1]), [new Set([1])]),
);
const small = fc.bigInt({ min: 0n, max: 9n });

const change = fc.oneof(
  fc.record({ type: fc.constant("set" as const), key, value }),
  fc.record({ type: fc.constant("delete" as const), key }),
  fc.record({
    type: fc.constantFrom("sum" as const, "min" as const, "max" as const),
    key,
    n: small,
  }),
);
/** A check of what the program last read or wrote there, of nothing, or of something else. */
const check = fc.record({ key, expects: fc.constantFrom("known", "nothing", "other") });
const selector: fc.Arbitrary<Deno.KvListSelector> = fc.oneof(
  fc.array(fc.constantFrom<Deno.KvKeyPart>("a", 1), { maxLength: 1 })
    .map((prefix) => ({ prefix })),
  fc.tuple(key, key).map(([start, end]) => ({ start, end })),
  fc.tuple(key, key).map(([prefix, start]) => ({ prefix, start: [...prefix, ...start] })),
  fc.tuple(key, key).map(([prefix, end]) => ({ prefix, end: [...prefix, ...end] })),
);
const step = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("commit" as const),
      checks: fc.array(check, { maxLength: 2 }),
      changes: fc.array(change, { maxLength: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("set" as const), key, value }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("getMany" as const),
      keys: fc.array(key, { maxLength: 11 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("list" as const),
      selector,
      reverse: fc.boolean(),
      batchSize: fc.integer({ min: 1, max: 4 }),
      limit: fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
      take: fc.integer({ min: 0, max: 4 }),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** Runs programs on one store; gives versionstamps names, because their gaps differ. */
class Runner {
  readonly #kv: Deno.Kv;
  readonly #names = new Map<string, string>();

  constructor(kv: Deno.Kv) {
    this.#kv = kv;
  }

  async run(program: readonly Step[]): Promise<unknown[]> {
    const seen: unknown[] = [];
    for (const one of program) {
      try {
        seen.push(await this.#do(one));
      } catch (error) {
        assert.ok(error instanceof Error);
        seen.push([error.name, error.message]);
      }
    }
    return [...seen, await this.#all({ prefix: [] })];
  }

  async #do(one: Step): Promise<unknown> {
    switch (one.kind) {
      case "commit":
        return this.#named(await this.#commit(one));
      case "set":
        return this.#named(await this.#kv.set(one.key, one.value));
      case "delete":
        return await this.#kv.delete(one.key);
      case "getMany":
        return (await this.#kv.getMany(one.keys)).map((entry) => this.#named(entry));
      case "list":
        return await this.#listInTwo(one);
    }
  }

  async #commit({ checks, changes }: Step & { kind: "commit" }): Promise<object> {
    const operation = this.#kv.atomic();
    for (const { key, expects } of checks) {
      const known = (await this.#kv.get(key)).versionstamp;
      const other = "0".repeat(19) + "1";
      operation.check({
        key,
        versionstamp: expects === "known" ? known : expects === "nothing" ? null : other,
      });
    }
    for (const one of changes) {
      if (one.type === "set") operation.set(one.key, one.value);
      else if (one.type === "delete") operation.delete(one.key);
      else operation[one.type](one.key, one.n);
    }
    return await operation.commit();
  }

  /** Lists a part, and the rest from its cursor. */
  async #listInTwo(one: Step & { kind: "list" }): Promise<unknown> {
    const { selector, reverse, batchSize, limit, take } = one;
    const options = { reverse, batchSize, ...(limit && { limit }) };
    const walk = this.#kv.list(selector, options);
    const first = [];
    for (let i = 0; i < take; i++) {
      const next = await walk.next();
      if (next.done) return first;
      first.push(this.#named(next.value));
    }
    if (take === 0) return await this.#all(selector, options);
    return [first, walk.cursor, await this.#all(selector, { ...options, cursor: walk.cursor })];
  }

  async #all(selector: Deno.KvListSelector, options?: Deno.KvListOptions): Promise<unknown[]> {
    const entries: unknown[] = [];
    for await (const entry of this.#kv.list(selector, options)) {
      entries.push(this.#named(entry));
      assert.ok(entries.length <= ENTRIES_MAX, "the list does not end");
    }
    return entries;
  }

  #named<T extends object>(result: T): T {
    if (!("versionstamp" in result) || typeof result.versionstamp !== "string") return result;
    const { versionstamp } = result;
    const name = this.#names.get(versionstamp) ?? `v${this.#names.size}`;
    this.#names.set(versionstamp, name);
    return { ...result, versionstamp: name };
  }
}

Deno.test("SimStore gives what Deno.openKv gives when random programs run on both", async () => {
  const program = fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
    using real = await Deno.openKv(":memory:");
    using simulated = new SimStore().open();
    const wanted = await new Runner(real).run(steps);
    assert.deepStrictEqual(await new Runner(simulated).run(steps), wanted);
  });
  await checkAsyncProperty(program, PROGRAMS);
});
