import vm from "node:vm";
import * as compat from "../../../compat/engines.ts";
import type { NoEngine } from "../../../engines/guard/describe_engine.ts";
import { DEPRECATED_ENGINES } from "../../../engines/guard/deprecated_engines.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { UserExecutionEngine as CopiedEngine } from "../../../engines/engine/user_execution_engine.ts?copy";
import { contextOf, genuineEngine } from "./guarded_engine.ts";

/** What is no engine, and what the guard makes of it. */
export interface Impostor {
  readonly name: string;
  readonly value: unknown;
  readonly kind: NoEngine["kind"];
  /** What the guard calls it. */
  readonly found: string;
}

const methods = {
  engineId: "user_engine_1",
  isActive: true,
  activeRuns: 0,
  executeAgent: () => Promise.resolve({ success: true }),
  executePipeline: () => Promise.resolve([]),
  cleanup: () => Promise.resolve({}),
};

/** Counts whenever code of an impostor runs; it must stay at zero. */
export const touched = { count: 0 };

function touch(): never {
  touched.count++;
  throw new Error("somebody asked the impostor");
}

/** A handler whose every trap counts and throws. */
const traps = new Proxy({}, { get: () => touch }) as ProxyHandler<object>;

function namedClass(name: string, base: object): { prototype: object } {
  // deno-lint-ignore no-explicit-any
  const made: any = class {};
  Object.defineProperty(made, "name", { value: name });
  Object.setPrototypeOf(made.prototype, base);
  return made;
}

function instanceOf(name: string, own: object = {}, base: object = Object.prototype): object {
  return Object.assign(Object.create(namedClass(name, base).prototype), own);
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function withGetters(): object {
  const getters = Object.fromEntries(
    ["constructor", "executeAgent", "name", "isActive", Symbol.toStringTag]
      .map((key) => [key, { get: touch, enumerable: true }]),
  );
  return Object.defineProperties({}, getters);
}

const Lying = class UserExecutionEngine {
  static [Symbol.hasInstance](): boolean {
    return true;
  }
};

/** Everything that is no engine. */
export function impostors(): readonly Impostor[] {
  const genuine = genuineEngine();
  const foreign = (name: string, value: unknown, found: string): Impostor => {
    return { name, value, kind: "foreign", found };
  };
  return [
    { name: "null", value: null, kind: "missing", found: "null" },
    { name: "undefined", value: undefined, kind: "missing", found: "undefined" },
    foreign("a text", "UserExecutionEngine", '"UserExecutionEngine"'),
    foreign("a number", 7, "7"),
    foreign("a symbol", Symbol("UserExecutionEngine"), "a symbol"),
    foreign("an empty object", {}, 'an object of "Object"'),
    foreign("an object without a prototype", Object.create(null), "an object"),
    foreign("an array with a genuine engine", [genuine], 'an object of "Array"'),
    foreign("a promise of a genuine engine", Promise.resolve(genuine), 'an object of "Promise"'),
    foreign("a weak reference to a genuine one", new WeakRef(genuine), 'an object of "WeakRef"'),
    foreign("a look-alike with all methods", { ...methods }, 'an object of "Object"'),
    foreign("a frozen look-alike", Object.freeze({ ...methods }), 'an object of "Object"'),
    foreign(
      "a class of the same name",
      instanceOf("UserExecutionEngine", methods),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "a class of another name",
      instanceOf("MyEngine", methods),
      'an object of "MyEngine"',
    ),
    foreign(
      "an object with the prototype of the class",
      Object.create(UserExecutionEngine.prototype),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "an object that got the prototype later",
      Object.setPrototypeOf({ ...methods }, UserExecutionEngine.prototype),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "an instance of a subclass that was never constructed",
      instanceOf("BetterEngine", {}, UserExecutionEngine.prototype),
      'an object of "BetterEngine"',
    ),
    foreign(
      "an object whose prototype is a genuine engine",
      Object.create(genuine),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "a frozen copy of a genuine engine",
      Object.freeze({ ...genuine }),
      'an object of "Object"',
    ),
    foreign(
      "a copy with the prototype and all properties",
      Object.create(
        UserExecutionEngine.prototype,
        Object.getOwnPropertyDescriptors(genuine),
      ),
      'an object of "UserExecutionEngine"',
    ),
    foreign("a proxy of a genuine engine", new Proxy(genuine, {}), "a proxy"),
    foreign("a proxy whose traps throw", new Proxy(genuine, traps), "a proxy"),
    foreign("a proxy of a function", new Proxy(UserExecutionEngine, traps), "a proxy"),
    foreign("a revoked proxy", revoked(), "a proxy"),
    foreign("an object below a proxy", Object.create(new Proxy({}, traps)), "an object"),
    foreign("an object with throwing getters", withGetters(), 'an object of "Object"'),
    foreign(
      "an object whose constructor is a proxy",
      { constructor: new Proxy(UserExecutionEngine, traps) },
      'an object of "Object"',
    ),
    foreign(
      "a class that claims all instances",
      Object.assign(new Lying(), methods),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "an object with the tag",
      { ...methods, [Symbol.toStringTag]: "UserExecutionEngine" },
      'an object of "Object"',
    ),
    foreign("the class itself", UserExecutionEngine, 'a function called "UserExecutionEngine"'),
    foreign("the prototype itself", UserExecutionEngine.prototype, SHOWN_PROTOTYPE),
    foreign("a function that returns a genuine one", () => genuine, "a function"),
    foreign(
      "an engine of another realm",
      vm.runInNewContext(
        "new (class UserExecutionEngine { executeAgent() {} executePipeline() {} cleanup() {} })",
      ),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "an engine of another copy of the package",
      new CopiedEngine({ context: contextOf(), agents: new Map() }),
      'an object of "UserExecutionEngine"',
    ),
    foreign(
      "what a worker would receive of a genuine one",
      structuredClone(genuine),
      'an object of "Object"',
    ),
    {
      name: "a class of the same name without executeAgent",
      value: instanceOf("UserExecutionEngine", { ...methods, executeAgent: undefined }),
      kind: "incomplete",
      found: "executeAgent (execute_agent)",
    },
    {
      name: "a class of the same name whose executeAgent is a getter",
      value: Object.defineProperty(
        instanceOf("UserExecutionEngine", { executePipeline() {}, cleanup() {} }),
        "executeAgent",
        { get: touch },
      ),
      kind: "incomplete",
      found: "executeAgent (execute_agent)",
    },
    {
      name: "a class of the same name without anything",
      value: instanceOf("UserExecutionEngine"),
      kind: "incomplete",
      found: "executeAgent (execute_agent), executePipeline (execute_pipeline), cleanup",
    },
    ...DEPRECATED_ENGINES.flatMap(deprecatedOnes),
  ];
}

const SHOWN_PROTOTYPE = 'an object of "UserExecutionEngine"';

function deprecatedOnes(name: (typeof DEPRECATED_ENGINES)[number]): Impostor[] {
  const kind = "deprecated";
  const subclass = instanceOf("MyEngine", methods, namedClass(name, Object.prototype).prototype);
  return [
    { name: `an instance of ${name}`, value: instanceOf(name, methods), kind, found: name },
    { name: `a subclass of ${name}`, value: subclass, kind, found: name },
    {
      name: `an unconstructed ${name} of compat`,
      value: Object.create(compat[name].prototype),
      kind,
      found: name,
    },
    { name: `the class ${name} of compat`, value: compat[name], kind, found: name },
  ];
}
