import assert from "node:assert/strict";
import { type ConfigFault, formatFault, formatPath } from "../../../config/files/config_fault.ts";

const fault: ConfigFault = {
  file: "a.yaml",
  line: 3,
  column: 7,
  path: "a.b",
  severity: "error",
  message: "wrong type",
  got: "1",
  expected: "a text",
};

Deno.test("formatFault gives the one form, without what is not known", () => {
  assert.equal(formatFault(fault), "a.yaml:3:7 a.b: wrong type (got 1, expected a text)");
  const whole = { ...fault, line: 0, column: 0, path: "" };
  assert.equal(formatFault(whole), "a.yaml: wrong type (got 1, expected a text)");
});

Deno.test("formatPath joins keys, and quotes those with other characters", () => {
  const cases = [
    { path: [], text: "" },
    { path: ["a", "b_1", "c-d"], text: "a.b_1.c-d" },
    { path: ["a", 0, "b"], text: "a[0].b" },
    { path: ["a.b", ""], text: '["a.b"][""]' },
  ];
  for (const { path, text } of cases) assert.equal(formatPath(path), text);
});
