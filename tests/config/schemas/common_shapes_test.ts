import assert from "node:assert/strict";
import {
  httpAddress,
  longText,
  name,
  port,
  seconds,
  share,
  text,
  timeLimit,
  whole,
  wordOf,
} from "../../../config/schemas/common_shapes.ts";

Deno.test("common shapes take what is within their bounds, and nothing else", () => {
  const cases = [
    { shape: seconds(), good: [0, 0.5, 31_536_000], bad: [-0.1, 31_536_001, NaN, Infinity, "5"] },
    { shape: timeLimit(), good: [0.1, 60], bad: [0, -1] },
    { shape: share(), good: [0, 0.5, 1], bad: [-0.01, 1.01] },
    { shape: whole(1, 3), good: [1, 3], bad: [0, 4, 1.5] },
    { shape: text(), good: ["", "x".repeat(1_000)], bad: ["x".repeat(1_001), 5] },
    { shape: longText(), good: ["", "x".repeat(10_000)], bad: ["x".repeat(10_001)] },
    { shape: port(), good: [1, 65_535], bad: [0, 65_536, 1.5] },
    {
      shape: httpAddress(),
      good: ["http://a.org", "HTTPS://a.org/b?c"],
      bad: ["", "ftp://a.org", "http://", "http://a b", `http://a.org/${"x".repeat(2_000)}`],
    },
    { shape: wordOf(["deny", "ALLOW"]), good: ["deny", "Deny", "allow"], bad: ["", "den", 5] },
    { shape: name(), good: ["x"], bad: ["", "x".repeat(101)] },
  ];
  for (const { shape, good, bad } of cases) {
    for (const value of good) assert.ok(shape.safeParse(value).success, String(value));
    for (const value of bad) assert.ok(!shape.safeParse(value).success, String(value));
  }
});

Deno.test("wordOf gives the word as it is spelled, and lists all of them when there is none", () => {
  assert.equal(wordOf(["deny", "ALLOW"]).parse("aLLow"), "ALLOW");
  const { error } = wordOf(["deny", "ALLOW"]).safeParse("maybe");
  assert.deepEqual(error?.issues.map(({ code }) => code), ["invalid_value"]);
});
