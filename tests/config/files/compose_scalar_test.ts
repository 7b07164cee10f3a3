import assert from "node:assert/strict";
import { EVENT_ID, parseEvents } from "js-yaml";
import { composeScalar } from "../../../config/files/compose_scalar.ts";

function compose(text: string) {
  const event = parseEvents(text, {}).find((each) => each.type === EVENT_ID.SCALAR);
  assert.ok(event?.type === EVENT_ID.SCALAR);
  return composeScalar(text, event, 99);
}

Deno.test("composeScalar reads scalars by YAML 1.2", () => {
  const cases = [
    { text: "yes", value: "yes" },
    { text: "true", value: true },
    { text: "~", value: null },
    { text: "010", value: 10 },
    { text: "0o17", value: 15 },
    { text: "1e3", value: 1_000 },
    { text: "1e999", value: "1e999" },
    { text: "1:30", value: "1:30" },
    { text: "2025-01-01", value: "2025-01-01" },
    { text: '"5"', value: "5", isPlain: false },
    { text: "'no'", value: "no", isPlain: false },
    { text: "!!str 5", value: "5", at: 6 },
    { text: "! 5", value: "5", at: 2 },
    { text: "!!int '5'", value: 5, isPlain: false, at: 6 },
  ];
  for (const { text, value, isPlain = true, at = 0 } of cases) {
    assert.deepEqual(compose(text), {
      node: { kind: "scalar", at, value, isPlain },
      problem: null,
    }, text);
  }
});

Deno.test("composeScalar says what is wrong, and keeps the text", () => {
  const cases = [
    { text: ".inf", value: ".inf", problem: "a number that is not finite" },
    { text: "-.INF", value: "-.INF", problem: "a number that is not finite" },
    { text: ".nan", value: ".nan", problem: "a number that is not finite" },
    { text: "!js x", value: "x", problem: "unknown tag !js" },
    { text: "!!binary eA==", value: "eA==", problem: "unknown tag !!binary" },
    { text: "!!int x", value: "x", problem: "a value that is no !!int" },
  ];
  for (const { text, value, problem } of cases) {
    const composed = compose(text);
    assert.deepEqual([composed.node.value, composed.problem], [value, problem], text);
  }
});
