import assert from "node:assert/strict";
import {
  name,
  seconds,
  share,
  text,
  timeLimit,
  whole,
} from "../../../config/schemas/common_shapes.ts";

Deno.test("common shapes take what is within their bounds, and nothing else", () => {
  const cases = [
    { shape: seconds(), good: [0, 0.5, 31_536_000], bad: [-0.1, 31_536_001, NaN, Infinity, "5"] },
    { shape: timeLimit(), good: [0.1, 60], bad: [0, -1] },
    { shape: share(), good: [0, 0.5, 1], bad: [-0.01, 1.01] },
    { shape: whole(1, 3), good: [1, 3], bad: [0, 4, 1.5] },
    { shape: text(), good: ["", "x".repeat(1_000)], bad: ["x".repeat(1_001), 5] },
    { shape: name(), good: ["x"], bad: ["", "x".repeat(101)] },
  ];
  for (const { shape, good, bad } of cases) {
    for (const value of good) assert.ok(shape.safeParse(value).success, String(value));
    for (const value of bad) assert.ok(!shape.safeParse(value).success, String(value));
  }
});
