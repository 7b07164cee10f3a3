import assert from "node:assert/strict";
import { asksForJson, OUTPUT } from "../../cli/output_setting.ts";

Deno.test("OUTPUT takes table and json", () => {
  assert.equal(OUTPUT.fallback, "table");
  assert.equal(OUTPUT.parse("json"), "json");
  assert.throws(() => OUTPUT.parse("xml"), RangeError);
});

Deno.test("asksForJson looks at the flag, then at the environment", () => {
  const cases: readonly [readonly string[], string | undefined, boolean][] = [
    [[], undefined, false],
    [["-o", "json"], undefined, true],
    [["-ojson"], undefined, true],
    [["--output=json", "--no"], undefined, true],
    [["--output", "table"], "json", false],
    [[], "json", true],
    [[], "table", false],
  ];
  for (const [args, variable, expected] of cases) {
    const env = (name: string) => name === "BATON_OUTPUT" ? variable : undefined;
    assert.equal(asksForJson(args, env), expected, args.join(" "));
  }
});
