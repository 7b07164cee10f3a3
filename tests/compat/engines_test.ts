import assert from "node:assert/strict";
import { DeprecatedEngineError } from "../../compat/deprecated_engine_error.ts";
import * as engines from "../../compat/engines.ts";
import { DEPRECATED_ENGINES } from "../../engines/guard/deprecated_engines.ts";

Deno.test("compat has every deprecated engine, and no more", () => {
  assert.deepEqual(Object.keys(engines).sort(), [...DEPRECATED_ENGINES].sort());
});

Deno.test("a deprecated engine refuses to be made, whatever it is given", () => {
  for (const name of DEPRECATED_ENGINES) {
    const Deprecated = engines[name];
    assert.equal(Deprecated.name, name);
    const makes: [how: string, make: () => unknown][] = [
      ["without arguments", () => new Deprecated()],
      ["with arguments", () => new Deprecated({}, "registry", null)],
      ["extended", () => new (class extends Deprecated {})()],
      ["reflected", () => Reflect.construct(Deprecated, [])],
    ];
    for (const [how, make] of makes) {
      assert.throws(make, (error) => {
        return error instanceof DeprecatedEngineError && error.engine === name;
      }, `${name} ${how}`);
    }
  }
});
