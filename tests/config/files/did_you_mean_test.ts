import assert from "node:assert/strict";
import { didYouMean, KNOWN_MAX } from "../../../config/files/did_you_mean.ts";

Deno.test("didYouMean names the nearest word, and none when all are far", () => {
  const known = ["enabled", "timeout", "on"];
  const cases = [
    { word: "enabeld", hint: ', did you mean "enabled"?' },
    { word: "time_out", hint: ', did you mean "timeout"?' },
    { word: "om", hint: ', did you mean "on"?' },
    { word: "colour", hint: "" },
    { word: "", hint: "" },
  ];
  for (const { word, hint } of cases) assert.equal(didYouMean(word, known), hint, word);
  assert.equal(didYouMean("x", []), "");
  const many = Array.from({ length: KNOWN_MAX }, (_, i) => `name_${i}`);
  assert.equal(didYouMean("nam_7", many), ', did you mean "name_7"?');
  assert.equal(didYouMean("nam_7", [...many, "one_more"]), "");
});
