import assert from "node:assert/strict";
import {
  bodyEncoding,
  bodyHeaders,
} from "../../../../orchestration/recovery/handlers/body_encoding.ts";

Deno.test("bodyEncoding goes by the type of the body, which is JSON by default", () => {
  const cases = [
    [{}, "json"],
    [{ "Content-Type": "application/JSON; charset=utf-8" }, "json"],
    [{ "content-type": "application/cloudevents+json" }, "json"],
    [{ "content-type": "application/x-www-form-urlencoded" }, "form"],
    [{ "content-type": "text/plain" }, "text"],
  ] as const;
  for (const [headers, encoding] of cases) assert.equal(bodyEncoding(headers), encoding);
});

Deno.test("bodyHeaders adds the type of the body where none is said", () => {
  assert.deepEqual(bodyHeaders({ a: "b" }), { a: "b", "content-type": "application/json" });
  assert.deepEqual(bodyHeaders({ "Content-Type": "text/plain" }), { "Content-Type": "text/plain" });
});
