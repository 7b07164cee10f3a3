import assert from "node:assert/strict";
import { handler } from "../../../../config/schemas/recovery_handlers.ts";
import { handlerTemplate } from "../../../../orchestration/recovery/handlers/handler_template.ts";

Deno.test("handlerTemplate finds the text of a handler, where it stands, and how it is read", () => {
  const url = "http://a.org";
  const cases = [
    [{ exec: { argv: ["{{no}}"] } }, null],
    [{ fallback: { mode: "SAFE" } }, null],
    [{ breaker: { name: "a", do: "open" } }, null],
    [{ http: { url } }, null],
    [{ http: { url, body: "{}" } }, { path: ["http", "body"], text: "{}", encoding: "json" }],
    [{ log: { message: "m" } }, { path: ["log", "message"], text: "m", encoding: "line" }],
    [{ notify: { message: "m" } }, { path: ["notify", "message"], text: "m", encoding: "line" }],
  ];
  for (const [settings, template] of cases) {
    assert.deepEqual(handlerTemplate(handler.parse(settings)), template);
  }
});
