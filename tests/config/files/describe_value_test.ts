import assert from "node:assert/strict";
import { describeValue } from "../../../config/files/describe_value.ts";

Deno.test("describeValue says in few words what a value is", () => {
  const cases = [
    { value: undefined, text: "nothing" },
    { value: null, text: "nothing" },
    { value: "a\nb", text: '"a\\nb"' },
    { value: 1.5, text: "1.5" },
    { value: false, text: "false" },
    { value: [1, 2], text: "a list of 2" },
    { value: {}, text: "a map" },
  ];
  for (const { value, text } of cases) assert.equal(describeValue(value), text);
  assert.equal(describeValue("x".repeat(1_000)).length, 41);
});
