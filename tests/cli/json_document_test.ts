import assert from "node:assert/strict";
import { jsonDocument, jsonLine } from "../../cli/json_document.ts";

Deno.test("jsonDocument gives one document with its version first", () => {
  const text = jsonDocument({ a: [1] });
  assert.equal(text, '{\n  "apiVersion": "baton/v1",\n  "a": [\n    1\n  ]\n}\n');
});

Deno.test("jsonDocument escapes every control character", () => {
  const text = jsonDocument({ a: "\u001b[31m\u007f\u009b31m" });
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(text.replaceAll("\n", ""), /[\u0000-\u001f\u007f-\u009f]/);
  assert.equal(JSON.parse(text).a, "\u001b[31m\u007f\u009b31m");
});

Deno.test("jsonLine is one line, escaped likewise", () => {
  assert.equal(jsonLine({ a: "\u009b\n" }), '{"a":"\\u009b\\n"}\n');
});
