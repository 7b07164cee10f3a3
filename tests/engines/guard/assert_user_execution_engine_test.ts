import assert from "node:assert/strict";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { assertUserExecutionEngine } from "../../../engines/guard/assert_user_execution_engine.ts";
import { EngineGuardError } from "../../../engines/guard/engine_guard_error.ts";
import { capturedLog } from "./captured_log.ts";
import { contextOf, genuineEngine } from "./guarded_engine.ts";
import { type Impostor, impostors, touched } from "./impostors.ts";

const assertEngine: typeof assertUserExecutionEngine = assertUserExecutionEngine;

Deno.test("assertUserExecutionEngine lets a genuine engine pass and logs that once, at info", async () => {
  const engine = genuineEngine();
  const lines = await capturedLog(() => assertEngine(engine));
  assert.deepEqual(lines, [
    `info SSOT UserExecutionEngine compliance validated for ${engine.engineId}`,
  ]);
});

Deno.test("assertUserExecutionEngine refuses every impostor, runs none of its code and logs nothing", async () => {
  const all = impostors();
  assert.ok(all.length >= 20);
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  touched.count = 0;
  const lines = await capturedLog(() => {
    for (const impostor of all) assert.deepEqual(refusalOf(impostor), expected(impostor));
  });
  assert.deepEqual(lines, []);
  assert.equal(touched.count, 0);
});

Deno.test("assertUserExecutionEngine says in words what is wrong and what to use instead", () => {
  const patterns: Record<Impostor["kind"], RegExp> = {
    missing: /Only UserExecutionEngine.*allowed.*SSOT.*got (null|undefined)/,
    foreign: /Only UserExecutionEngine.*allowed.*SSOT/,
    deprecated: /deprecated.*Engine.*not allowed/,
    incomplete: /UserExecutionEngine.*missing required.*execute_agent/,
  };
  for (const impostor of impostors()) {
    const { message } = errorOf(impostor.value);
    assert.match(message, patterns[impostor.kind], impostor.name);
    assert.ok(message.includes(impostor.found), impostor.name);
    assert.match(message, /migration/, impostor.name);
    assert.match(message, /user_execution_engine\.py/, impostor.name);
  }
});

Deno.test("assertUserExecutionEngine refuses what is constructed through a subclass", () => {
  const options = { context: contextOf(), agents: new Map() };
  const makes: [name: string, make: () => unknown][] = [
    ["a subclass", () => new (class extends UserExecutionEngine {})(options)],
    ["another new.target", () => Reflect.construct(UserExecutionEngine, [options], class {})],
  ];
  for (const [name, make] of makes) assert.throws(() => assertEngine(make()), Error, name);
});

Deno.test("assertUserExecutionEngine can rely on the brand, because no member can be replaced", () => {
  const engine = genuineEngine();
  const { prototype } = UserExecutionEngine;
  const replace = () => Promise.resolve({ success: true });
  const attempts: [name: string, attempt: () => unknown][] = [
    ["a method of the engine", () => Object.assign(engine, { executeAgent: replace })],
    ["a property", () => Object.defineProperty(engine, "executeAgent", { value: replace })],
    ["the context", () => Object.assign(engine, { context: contextOf({ userId: "bob" }) })],
    ["the prototype", () => Object.setPrototypeOf(engine, {})],
    ["a method of the class", () => Object.assign(prototype, { executeAgent: replace })],
    ["a getter of the class", () => Object.defineProperty(prototype, "isActive", { value: true })],
    ["the class's prototype", () => Object.setPrototypeOf(prototype, { executeAgent: replace })],
    ["the brand's check", () => Object.assign(UserExecutionEngine, { is: () => true })],
    [
      "what instanceof asks",
      () => Object.defineProperty(UserExecutionEngine, Symbol.hasInstance, { value: () => true }),
    ],
  ];
  for (const [name, attempt] of attempts) assert.throws(attempt, TypeError, name);
  assertEngine(engine);
});

function errorOf(value: unknown): EngineGuardError {
  try {
    assertEngine(value);
  } catch (error) {
    if (error instanceof EngineGuardError) return error;
    throw error;
  }
  throw new Error("it passed");
}

function refusalOf({ name, value }: Impostor): object {
  const { code, kind, found } = errorOf(value);
  return { name, code, kind, found };
}

function expected({ name, kind, found }: Impostor): object {
  return { name, code: "ENGINE_REFUSED", kind, found };
}
