import assert from "node:assert/strict";
import fc from "fast-check";
import { ENV_FLAG_WORDS, parseEnvFlag } from "../../../config/availability/parse_env_flag.ts";
import { checkProperty } from "../../support/property.ts";

Deno.test("parseEnvFlag reads both spellings of a boolean in any case", () => {
  const cases: readonly [string, boolean | undefined][] = [
    ["true", true],
    ["TRUE", true],
    ["tRuE", true],
    ["1", true],
    ["Yes", true],
    ["ON", true],
    ["false", false],
    ["False", false],
    ["0", false],
    ["NO", false],
    ["off", false],
    ["", undefined],
    [" ", undefined],
    [" true ", undefined],
    ["true\n", undefined],
    ["true; rm -rf /", undefined],
    ["true$(id)", undefined],
    ["y", undefined],
    ["t", undefined],
    ["enabled", undefined],
    ["2", undefined],
    ["01", undefined],
    ["invalid", undefined],
    ["constructor", undefined],
    ["ye\u017f", undefined],
    ["\uff54rue", undefined],
  ];
  for (const [value, expected] of cases) {
    assert.equal(parseEnvFlag(value), expected, JSON.stringify(value));
  }
});

Deno.test("parseEnvFlag agrees with a plain list for 1,000 random values", () => {
  const on = ["true", "1", "yes", "on"];
  const off = ["false", "0", "no", "off"];
  const anyCase = fc.constantFrom(...on, ...off).chain((word) =>
    fc.array(fc.boolean(), { minLength: word.length, maxLength: word.length }).map((upper) =>
      [...word].map((sign, at) => upper[at] ? sign.toUpperCase() : sign).join("")
    )
  );
  const nearly = fc.tuple(fc.constantFrom(" ", "\t", "\n", "x", "\0"), anyCase, fc.boolean()).map((
    [sign, word, first],
  ) => first ? sign + word : word + sign);
  const value = fc.oneof(anyCase, nearly, fc.string(), fc.string({ unit: "binary" }));
  checkProperty(
    fc.property(value, (text) => {
      const isWord = (words: readonly string[]) =>
        words.some((word) =>
          new RegExp(`^${word}$`, "i").test(text) && text.length === word.length
        );
      const expected = isWord(on) ? true : isWord(off) ? false : undefined;
      assert.equal(parseEnvFlag(text), expected);
    }),
    1_000,
  );
});

Deno.test("ENV_FLAG_WORDS names every spelling", () => {
  assert.equal(ENV_FLAG_WORDS, "true, 1, yes, on, false, 0, no, off");
});
