import assert from "node:assert/strict";
import { checkLabels } from "../../coordination/check_labels.ts";

Deno.test("checkLabels copies and freezes labels", () => {
  assert.deepEqual(checkLabels(), {});
  const given: Record<string, string> = { zone: "a", version: "" };
  const labels = checkLabels(given);
  given["zone"] = "b";
  assert.deepEqual(labels, { zone: "a", version: "" });
  assert.ok(Object.isFrozen(labels));
});

Deno.test("checkLabels refuses what does not fit a heartbeat, with name or length", () => {
  const cases: { name: string; labels: unknown; error: string; message: string }[] = [
    {
      name: "a number",
      labels: { zone: 1 },
      error: "TypeError",
      message: 'label "zone" must be a text, got number',
    },
    {
      name: "a name without text",
      labels: { "": "a" },
      error: "TypeError",
      message: `a label's name must be a text without control characters, got ""`,
    },
    {
      name: "too much",
      labels: { zone: "x".repeat(1_014) },
      error: "RangeError",
      message: "labels must have at most 1024 characters as JSON, got 1025",
    },
  ];
  for (const { name, labels, error, message } of cases) {
    const check = () => checkLabels(labels as Record<string, string>);
    assert.throws(check, { name: error, message }, name);
  }
  assert.ok(checkLabels({ zone: "x".repeat(1_013) }));
});
