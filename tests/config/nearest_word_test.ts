import assert from "node:assert/strict";
import { nearestWord } from "../../config/nearest_word.ts";

Deno.test("nearestWord names the nearest word, and none when all are far", () => {
  const known = ["enabled", "timeout", "on", "orchestrator", "docker"];
  const cases = [
    { word: "enabeld", nearest: "enabled" },
    { word: "time_out", nearest: "timeout" },
    { word: "om", nearest: "on" },
    { word: "Docker", nearest: "docker" },
    { word: "orchestator", nearest: "orchestrator" },
    { word: "colour", nearest: undefined },
    { word: "", nearest: undefined },
    { word: "docker".repeat(20), nearest: undefined },
  ];
  for (const { word, nearest } of cases) assert.equal(nearestWord(word, known), nearest, word);
  assert.equal(nearestWord("x", []), undefined);
});

Deno.test("nearestWord counts insertions, removals and replacements alike", () => {
  const cases = [
    { word: "abcdefghi", known: "abcdefghixyz", isNear: true },
    { word: "abcdefghixyz", known: "abcdefghi", isNear: true },
    { word: "abcdefxyz", known: "abcdefghi", isNear: true },
    { word: "abcdewxyz", known: "abcdefghi", isNear: false },
  ];
  for (const { word, known, isNear } of cases) {
    assert.equal(nearestWord(word, [known]) === known, isNear, `${word} ${known}`);
  }
});
