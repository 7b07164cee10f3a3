import assert from "node:assert/strict";
import { UnknownEnumValueError } from "../../../enums/parse_enum_value.ts";
import {
  ActionRegistry,
  type RegisterActionOptions,
} from "../../../orchestration/recovery/action_registry.ts";
import type { ActionHandler } from "../../../orchestration/recovery/action_handler.ts";

const action = (name: string) => ({ run: () => name, verify: null, scope: null });
const said = (registry: ActionRegistry, name: string) =>
  (registry.get(name)?.run as (() => string) | undefined)?.();

Deno.test("ActionRegistry goes by the program before the file, and by that before what is built in", () => {
  const registry = new ActionRegistry(new Map([["a", action("built in")], ["b", action("b")]]));
  assert.equal(said(registry, "a"), "built in");
  registry.declare(new Map([["a", action("declared")], ["c", action("c")]]));
  assert.equal(said(registry, "a"), "declared");
  registry.register("a", () => "registered", {});
  registry.register("a", () => "registered again", {});
  assert.equal(said(registry, "a"), "registered again");
  assert.deepEqual(registry.names, ["a", "b", "c"]);
  registry.declare(new Map());
  assert.equal(said(registry, "a"), "registered again");
  assert.deepEqual(registry.names, ["a", "b"]);
});

Deno.test("ActionRegistry does nothing under the names of what every object has", () => {
  const registry = new ActionRegistry(new Map());
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    assert.equal(registry.get(name), undefined, name);
    registry.register(name, () => name, {});
    assert.equal(said(registry, name), name);
  }
});

Deno.test("ActionRegistry keeps how to verify an action, and where it runs", () => {
  const registry = new ActionRegistry(new Map());
  const verify = () => true;
  registry.register("a", () => 1, { verify, scope: "node" });
  assert.equal(registry.get("a")?.verify, verify);
  assert.equal(registry.get("a")?.scope, "node");
  registry.register("a", () => 1, { verify: false });
  assert.deepEqual([registry.get("a")?.verify, registry.get("a")?.scope], [false, null]);
  registry.register("a", () => 1, {});
  assert.deepEqual([registry.get("a")?.verify, registry.get("a")?.scope], [null, null]);
});

Deno.test("ActionRegistry refuses what is no action, and changes nothing", () => {
  const registry = new ActionRegistry(new Map());
  const run = () => 1;
  const cases: [name: unknown, run: unknown, options: unknown, error: unknown][] = [
    ["", run, {}, TypeError],
    ["x".repeat(101), run, {}, TypeError],
    [5, run, {}, TypeError],
    ["a", null, {}, TypeError],
    ["a", "run", {}, TypeError],
    ["a", run, { verify: true }, TypeError],
    ["a", run, { scope: "everywhere" }, UnknownEnumValueError],
    ["a", run, { scope: "__proto__" }, UnknownEnumValueError],
  ];
  for (const [name, handler, options, error] of cases) {
    assert.throws(
      () =>
        registry.register(
          name as string,
          handler as ActionHandler,
          options as RegisterActionOptions,
        ),
      error as typeof TypeError,
    );
  }
  assert.deepEqual(registry.names, []);
});

Deno.test("ActionRegistry names what is known although nothing does it, and leaves out what is not", () => {
  const builtIn = new Map([["a", action("a")], ["b", action("b")]]);
  const registry = new ActionRegistry(builtIn, ["c", "a"]);
  assert.deepEqual(registry.names, ["a", "c"]);
  assert.equal(said(registry, "a"), "a");
  assert.deepEqual([registry.get("b"), registry.get("c")], [undefined, undefined]);
});
