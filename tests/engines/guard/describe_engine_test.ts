import assert from "node:assert/strict";
import { describeEngine } from "../../../engines/guard/describe_engine.ts";
import { contextOf, genuineEngine } from "./guarded_engine.ts";
import { impostors } from "./impostors.ts";

Deno.test("describeEngine shows a genuine engine with its context", () => {
  const context = contextOf();
  const engine = genuineEngine(context);
  const description = describeEngine(engine);
  assert.equal(description.kind, "genuine");
  assert.ok(description.kind === "genuine");
  assert.equal(description.engine, engine);
  assert.equal(description.context, context);
});

Deno.test("describeEngine says of everything else what it is, and never throws", () => {
  for (const { name, value, kind, found } of impostors()) {
    assert.deepEqual(describeEngine(value), { kind, found }, name);
  }
});
