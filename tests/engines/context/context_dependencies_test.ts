import assert from "node:assert/strict";
import {
  ContextDependencies,
  dependencyKey,
  MAX_DEPENDENCIES,
} from "../../../engines/context/context_dependencies.ts";

Deno.test("ContextDependencies hands back the very thing that was set", () => {
  const dependencies = new ContextDependencies();
  const key = dependencyKey<{ query: () => number }>("db_session");
  assert.equal(dependencies.get(key), undefined);
  assert.throws(() => dependencies.require(key), {
    name: "MissingDependencyError",
    code: "MISSING_DEPENDENCY",
    dependency: "db_session",
  });
  const database = { query: () => 42 };
  dependencies.set(key, database);
  assert.equal(dependencies.get(key), database);
  assert.equal(dependencies.require(key), database);
  assert.deepEqual(dependencies.names(), ["db_session"]);
  dependencies.close();
  assert.equal(dependencies.get(key), undefined);
  assert.deepEqual(dependencies.names(), []);
});

Deno.test("ContextDependencies takes nothing more once it is closed", () => {
  const dependencies = new ContextDependencies();
  const key = dependencyKey<number>("cache");
  dependencies.set(key, 1);
  dependencies.close();
  assert.throws(() => dependencies.set(key, 2), {
    name: "InvalidContextError",
    field: "dependencies",
    message: 'Cannot set the dependency "cache": the context was cleaned up already',
  });
  assert.throws(() => dependencies.require(key), { name: "MissingDependencyError" });
});

Deno.test("ContextDependencies tells keys of the same name apart", () => {
  const dependencies = new ContextDependencies();
  const [one, two] = [dependencyKey<number>("cache"), dependencyKey<string>("cache")];
  dependencies.set(one, 1);
  assert.equal(dependencies.get(two), undefined);
});

Deno.test("ContextDependencies finds what was set to undefined", () => {
  const dependencies = new ContextDependencies();
  const key = dependencyKey<undefined>("nothing");
  dependencies.set(key, undefined);
  assert.equal(dependencies.require(key), undefined);
});

Deno.test("ContextDependencies holds a hundred, of which any may be set anew", () => {
  const dependencies = new ContextDependencies();
  const keys = Array.from({ length: MAX_DEPENDENCIES }, (_, i) => dependencyKey<number>(`${i}`));
  for (const key of keys) dependencies.set(key, 1);
  dependencies.set(keys[0]!, 2);
  assert.equal(dependencies.get(keys[0]!), 2);
  assert.throws(() => dependencies.set(dependencyKey<number>("more"), 1), {
    name: "RangeError",
    message: 'Cannot set "more": there are 100 dependencies',
  });
});
