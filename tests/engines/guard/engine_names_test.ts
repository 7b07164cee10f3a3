import assert from "node:assert/strict";
import {
  hasMethod,
  namesOf,
  prototypesOf,
  showEngine,
} from "../../../engines/guard/engine_names.ts";

class Base {
  run(): void {}
}

class Engine extends Base {
  get stop(): () => void {
    throw new Error("a getter ran");
  }
}

/** A chain of 50 prototypes. */
function deep(): object {
  let object: object = Object.create(null);
  for (let level = 1; level < 50; level++) object = Object.create(object);
  return object;
}

Deno.test("prototypesOf follows prototypes up to a proxy, ten at most", () => {
  const engine = new Engine();
  assert.deepEqual(prototypesOf(engine), [
    engine,
    Engine.prototype,
    Base.prototype,
    Object.prototype,
  ]);
  const proxy = new Proxy({}, {});
  assert.deepEqual(prototypesOf(proxy), []);
  assert.equal(prototypesOf(Object.create(proxy)).length, 1);
  assert.equal(prototypesOf(deep()).length, 10);
  for (const value of [null, undefined, 7, "text"]) assert.deepEqual(prototypesOf(value), []);
});

Deno.test("namesOf lists an object's classes and a function's own names, the nearest first", () => {
  assert.deepEqual(namesOf(new Engine()), ["Engine", "Base", "Object"]);
  assert.deepEqual(namesOf(Engine).slice(0, 2), ["Engine", "Base"]);
  assert.deepEqual(namesOf(Object.create(null)), []);
  assert.deepEqual(namesOf({ constructor: "Engine" }), ["Object"]);
  assert.deepEqual(namesOf(null), []);
});

Deno.test("hasMethod finds functions of its own and inherited, and runs no getter", () => {
  const engine = new Engine();
  assert.equal(hasMethod(engine, "run"), true);
  assert.equal(hasMethod(engine, "stop"), false);
  assert.equal(hasMethod(engine, "walk"), false);
  assert.equal(hasMethod({ run: 7 }, "run"), false);
  assert.equal(hasMethod(null, "run"), false);
});

Deno.test("showEngine shows anything in a few words of bounded length", () => {
  const long = class {};
  Object.defineProperty(long, "name", { value: `E\n${"x".repeat(1_000)}` });
  const cases: [value: unknown, shown: string][] = [
    [new Engine(), 'an object of "Engine"'],
    [Engine, 'a function called "Engine"'],
    [() => {}, "a function"],
    [Object.create(null), "an object"],
    [new Proxy(Engine, {}), "a proxy"],
    [null, "null"],
    ["Engine", '"Engine"'],
    [new long(), `an object of "E\\n${"x".repeat(78)}…"`],
  ];
  for (const [value, shown] of cases) assert.equal(showEngine(value), shown);
});
