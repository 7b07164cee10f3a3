import assert from "node:assert/strict";
import fc from "fast-check";
import { dependencyKey } from "../../../engines/context/context_dependencies.ts";
import {
  ContextIsolationError,
  InvalidContextError,
} from "../../../engines/context/context_errors.ts";
import type { ContextIdRules } from "../../../engines/context/context_id.ts";
import type {
  ChildContextOptions,
  UserExecutionContextOptions,
} from "../../../engines/context/context_options.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { checkProperty } from "../../support/property.ts";

const ids = { userId: "ada-lovelace", threadId: "thread-1", runId: "run-00042" };

function newContext(more: Partial<UserExecutionContextOptions> = {}): UserExecutionContext {
  return new UserExecutionContext({ ...ids, ...more });
}

function assertFrozen(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  assert.ok(Object.isFrozen(value));
  Object.values(value).forEach(assertFrozen);
}

Deno.test("UserExecutionContext cannot be changed, nor its data, nor its class", () => {
  const given = { list: [{ a: 1 }] };
  const context = newContext({ agentContext: given, auditMetadata: { b: { c: 1 } } });
  const child = context.createChild("plan", { agentContext: { more: { d: [1] } } });
  given.list.push({ a: 2 });
  assert.deepEqual(context.agentContext, { list: [{ a: 1 }] });
  assertFrozen(context);
  assertFrozen(child);
  const changes: [name: string, target: object, key: PropertyKey][] = [
    ["a field", context, "userId"],
    ["a new field", context, "session"],
    ["data", context.agentContext, "list"],
    ["a method", UserExecutionContext.prototype, "createChild"],
    ["the recogniser", UserExecutionContext, "is"],
  ];
  for (const [name, target, key] of changes) {
    assert.equal(Reflect.set(target, key, () => true), false, name);
    assert.equal(Reflect.defineProperty(target, key, { value: 1 }), false, name);
  }
  assert.equal(Reflect.setPrototypeOf(context, Object.prototype), false);
});

Deno.test("UserExecutionContext.is knows its own and nothing that looks like it", () => {
  const genuine = newContext();
  assert.ok(UserExecutionContext.is(genuine));
  assert.ok(UserExecutionContext.is(genuine.createChild("plan")));
  assert.ok(UserExecutionContext.is(UserExecutionContext.fromDict(genuine.toDict())));
  const named = { UserExecutionContext: class {} }.UserExecutionContext;
  const tagged = { [Symbol.toStringTag]: "UserExecutionContext", ...genuine };
  const { proxy, revoke } = Proxy.revocable(genuine, {});
  revoke();
  const impostors: [name: string, value: unknown][] = [
    ["null", null],
    ["the class", UserExecutionContext],
    ["its prototype", UserExecutionContext.prototype],
    ["a copy", { ...genuine }],
    ["a copy with the tag", tagged],
    ["a structured clone", structuredClone({ ...genuine })],
    ["the wire form", genuine.toDict()],
    ["a class of that name", new named()],
    ["made on the prototype", Object.create(UserExecutionContext.prototype)],
    ["made on an instance", Object.create(genuine)],
    ["with its prototype", Object.setPrototypeOf({ ...genuine }, UserExecutionContext.prototype)],
    ["a proxy", new Proxy(genuine, {})],
    ["a revoked proxy", proxy],
  ];
  for (const [name, value] of impostors) assert.equal(UserExecutionContext.is(value), false, name);
});

Deno.test("UserExecutionContext cannot be extended", () => {
  class Wider extends UserExecutionContext {}
  assert.throws(() => new Wider(ids), { name: "InvalidContextError", field: "class" });
  assert.throws(
    () => Reflect.construct(UserExecutionContext, [ids], Object),
    { name: "InvalidContextError", field: "class" },
  );
});

Deno.test("UserExecutionContext has a correlation id of the beginnings of its ids", () => {
  const context = newContext({ userId: "ab𝒸𝒹𝑒𝒻𝑔𝒽𝒾𝒿", requestId: "0123456789" });
  assert.equal(context.correlationId, "ab𝒸𝒹𝑒𝒻𝑔𝒽:thread-1:run-0004:01234567");
});

Deno.test("UserExecutionContext makes keys that no other context makes", () => {
  const context = newContext({ requestId: "q-1" });
  assert.equal(context.scopedKey("cache"), "cache:ada-lovelace:q-1");
  for (const component of ["", "  ", "a:b", "a\0", 5 as never]) {
    assert.throws(() => context.scopedKey(component), {
      name: "InvalidContextError",
      field: "component",
    });
  }
  const id = fc.constantFrom("a", "b", "a:b", "b:a", "a:b:a");
  const plain = fc.constantFrom("a", "b", "ab");
  const parts = fc.tuple(plain, id, plain);
  checkProperty(fc.property(parts, parts, (one, two) => {
    const [first, second] = [one, two].map(([component, userId, requestId]) =>
      newContext({ userId, requestId }).scopedKey(component)
    );
    assert.equal(first === second, one.join("\n") === two.join("\n"));
  }));
});

Deno.test("UserExecutionContext has the fingerprint of its user, thread and run", () => {
  const context = newContext();
  assert.match(context.fingerprint, /^[0-9a-f]{64}$/);
  assert.equal(newContext().fingerprint, context.fingerprint);
  assert.equal(context.createChild("plan").createChild("act").fingerprint, context.fingerprint);
  const others = [
    newContext({ userId: "bob" }),
    newContext({ threadId: "t" }),
    newContext({ runId: "r" }),
    newContext({ userId: "ada-lovelacethread", threadId: "-1" }),
    newContext({ userId: 'ada-lovelace","thread-1', threadId: "run-00042" }),
  ];
  const prints = [context, ...others].map(({ fingerprint }) => fingerprint);
  assert.equal(new Set(prints).size, prints.length);
});

Deno.test("UserExecutionContext shares dependencies with its children and nobody else", async () => {
  const key = dependencyKey<{ open: boolean }>("db_session");
  const context = newContext();
  const child = context.createChild("plan").createChild("act");
  const session = { open: true };
  child.dependencies.set(key, session);
  assert.equal(context.dependencies.require(key), session);
  assert.equal(newContext().dependencies.get(key), undefined);
  assert.equal(context.toDict().has_db_session, true);
  assert.equal(child.toDict().has_db_session, true);
  assert.equal(UserExecutionContext.fromDict(context.toDict()).toDict().has_db_session, false);
  assert.ok(!JSON.stringify(context).includes("open"));
  await child.cleanup();
  assert.equal(context.dependencies.get(key), session);
  context.onCleanup(() => context.dependencies.require(key).open = false);
  assert.equal((await context.cleanup()).failureCount, 0);
  assert.equal(session.open, false);
  assert.equal(context.dependencies.get(key), undefined);
  assert.throws(() => child.dependencies.set(key, session), {
    name: "InvalidContextError",
    field: "dependencies",
  });
  const unused = newContext();
  await unused.cleanup();
  assert.throws(() => unused.dependencies.set(key, session), { name: "InvalidContextError" });
});

Deno.test("UserExecutionContext cleans up last first, its children included, and once", async () => {
  const context = newContext();
  const done: number[] = [];
  context.onCleanup(() => done.push(1));
  context.onCleanup(() => {
    throw new Error("two");
  });
  context.createChild("plan").onCleanup(() => done.push(3));
  const report = await context.cleanup();
  assert.deepEqual(done, [3, 1]);
  assert.deepEqual([report.callbackCount, report.failureCount], [3, 1]);
  assert.equal(await context.cleanup(), report);
  assert.deepEqual(done, [3, 1]);
  assert.throws(() => context.createChild("late").onCleanup(() => {}), {
    name: "InvalidContextError",
    field: "cleanup",
  });
});

Deno.test("UserExecutionContext cleaned up without callbacks takes none from later children", async () => {
  const context = newContext();
  const child = context.createChild("plan").createChild("act");
  assert.equal((await context.cleanup()).callbackCount, 0);
  assert.throws(() => child.onCleanup(() => {}), { name: "InvalidContextError" });
});

Deno.test("UserExecutionContext takes the time from its clock, and its children do", async () => {
  const clock = new FakeClock();
  const context = newContext({ clock });
  await clock.advance(5000);
  assert.equal(context.createdAt, "2026-01-01T00:00:00.000Z");
  assert.equal(context.createChild("plan").createdAt, "2026-01-01T00:00:05.000Z");
  const read = UserExecutionContext.fromDict(context.toDict(), { clock });
  assert.equal(read.createChild("plan").createdAt, "2026-01-01T00:00:05.000Z");
});

Deno.test("UserExecutionContext goes through JSON and back", () => {
  const context = newContext({ agentContext: { a: [1, { b: "x" }] }, websocketClientId: "ws-1" });
  for (const each of [context, context.createChild("plan", { auditMetadata: { c: null } })]) {
    const read = UserExecutionContext.fromDict(JSON.parse(JSON.stringify(each)));
    assert.deepEqual(read.toDict(), each.toDict());
    assert.equal(read.fingerprint, each.fingerprint);
    assertFrozen(read);
  }
});

Deno.test("UserExecutionContext is read back however much it and its line hold", () => {
  const half = new Array(49_900).fill(0);
  const text = "x".repeat(1_999_000);
  const root = newContext({ agentContext: { a: half, text }, auditMetadata: { a: half, text } });
  let line = root;
  for (let depth = 0; depth < 10; depth++) {
    const more = depth === 4 ? { b: half, more: text } : {};
    line = line.createChild("x".repeat(256), { agentContext: more, auditMetadata: more });
    assert.deepEqual(UserExecutionContext.fromDict(line.toDict()).toDict(), line.toDict());
  }
  for (const name of ["agentContext", "auditMetadata"] as const) {
    const context = newContext({ [name]: { a: half, b: half } });
    assert.throws(() => context.createChild("plan", { [name]: { c: half } }), {
      name: "InvalidContextError",
      message: /must hold at most 99900 values$/,
    });
    context.createChild("plan", { [name]: { b: half } });
  }
});

Deno.test("UserExecutionContext refuses options that it does not know", () => {
  const cases: [make: () => unknown, message: string][] = [
    [
      () => newContext({ agentContex: {} } as Partial<UserExecutionContextOptions>),
      "options.agentContex is no option: did you mean agentContext?",
    ],
    [
      () => newContext().createChild("plan", { metadata: {} } as ChildContextOptions),
      "additions.metadata is no option: known are agentContext, auditMetadata",
    ],
    [
      () => newContext({ idRules: { allowedId: [] } as ContextIdRules }),
      "idRules.allowedId is no option: did you mean allowedIds?",
    ],
    [
      () => UserExecutionContext.fromDict(newContext().toDict(), { rules: {} } as never),
      "options.rules is no option: did you mean idRules?",
    ],
  ];
  for (const [make, message] of cases) {
    assert.throws(make, { name: "InvalidContextError", message });
  }
});

/** Objects that do something bad when they are looked at. */
function hostileObjects(): unknown[] {
  const fail = () => {
    throw { toString: () => assert.fail("read by the library") };
  };
  const traps: ProxyHandler<object> = {
    get: fail,
    has: fail,
    ownKeys: fail,
    getPrototypeOf: fail,
    getOwnPropertyDescriptor: fail,
  };
  const endless: object = new Proxy({}, {
    get: () => endless,
    ownKeys: () => ["a", "b"],
    getOwnPropertyDescriptor: () => ({ value: 1, enumerable: true, configurable: true }),
  });
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  return [
    new Proxy({}, traps),
    new Proxy([], traps),
    endless,
    cyclic,
    revoked.proxy,
    {
      get userId() {
        return fail();
      },
      get a() {
        return fail();
      },
    },
    JSON.parse('{"__proto__":{"userId":"ada"}}'),
    JSON.parse('{"a":{"__proto__":{"user_id":"bob"}}}'),
    { toJSON: fail, toString: fail, valueOf: fail, [Symbol.toPrimitive]: fail },
    { "\0": "\0", constructor: null },
    {
      constructor: {
        get name() {
          return fail();
        },
      },
    },
    new Array(4e9),
    new (class Strange {})(),
    "x".repeat(5_000_000),
    { a: "x".repeat(5_000_000) },
    { user: { user_id: "bob" } },
    Symbol("ada"),
    10n,
    NaN,
    -0,
    () => "ada",
  ];
}

Deno.test("UserExecutionContext answers hostile input with its own errors and nothing else", () => {
  const good: object = { ...ids, agentContext: {}, auditMetadata: {}, idRules: {} };
  const dict: object = newContext({ agentContext: { a: 1 } }).createChild("plan").toDict();
  const context = newContext();
  const keys = [...Object.keys(good), "requestId", "websocketClientId", "clock"];
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
  });
  let refused = 0;
  const attempt = (make: () => UserExecutionContext) => {
    try {
      assertFrozen(make());
    } catch (error) {
      const isTyped = error instanceof InvalidContextError ||
        error instanceof ContextIsolationError;
      if (!isTyped) throw error;
      assert.ok(error.message.length <= 501);
      refused++;
    }
  };
  const check = (value: unknown, key: string, wireKey: string) => {
    attempt(() => new UserExecutionContext(value as never));
    attempt(() => new UserExecutionContext({ ...good, [key]: value } as never));
    attempt(() => UserExecutionContext.fromDict(value));
    attempt(() => UserExecutionContext.fromDict({ ...dict, [wireKey]: value }));
    attempt(() => context.createChild(value as never));
    attempt(() => context.createChild("plan", value as never));
    attempt(() => context.createChild("plan", { agentContext: value as never }));
  };
  for (const value of hostileObjects()) {
    for (const key of keys) check(value, key, key);
    for (const wireKey of Object.keys(dict)) check(value, "userId", wireKey);
  }
  checkProperty(fc.property(
    anything,
    fc.constantFrom(...keys),
    fc.constantFrom(...Object.keys(dict)),
    check,
  ));
  assert.ok(refused > 1000, `refused ${refused}`);
});
