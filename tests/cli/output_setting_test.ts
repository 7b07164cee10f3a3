import assert from "node:assert/strict";
import { asksForJson, OUTPUT } from "../../cli/output_setting.ts";

Deno.test("OUTPUT takes table and json", () => {
  assert.equal(OUTPUT.fallback, "table");
  assert.equal(OUTPUT.parse("json"), "json");
  assert.throws(() => OUTPUT.parse("xml"), RangeError);
});

Deno.test("asksForJson looks at the last flag, then at the environment", () => {
  const settings = {
    output: OUTPUT,
    kind: { ...OUTPUT, flags: "-k, --kind <kind>" },
    wait: { ...OUTPUT, flags: "--wait" },
  };
  const cases: readonly [readonly string[], string | undefined, boolean][] = [
    [[], undefined, false],
    [["-o", "json"], undefined, true],
    [["-ojson"], undefined, true],
    [["--output=json", "--no"], undefined, true],
    [["--output", "table"], "json", false],
    [["-o", "table", "-o", "json", "--bogus"], undefined, true],
    [["--bogus", "-o", "json", "-o", "table"], undefined, false],
    [["-o", "json", "--output=table"], undefined, false],
    [["--", "-o", "json"], undefined, false],
    [["--kind", "-o", "json"], undefined, false],
    [["-k", "-o", "json"], undefined, false],
    [["--kind=x", "-o", "json"], undefined, true],
    [["--wait", "-o", "json"], undefined, true],
    [["--kind", "a -o json"], undefined, false],
    [["x", "-o", "json"], undefined, true],
    [["-o"], "json", true],
    [["-o", "xml"], "json", false],
    [[], "json", true],
    [[], "table", false],
  ];
  for (const [args, variable, expected] of cases) {
    const env = (name: string) => name === "BATON_OUTPUT" ? variable : undefined;
    assert.equal(asksForJson(OUTPUT, { args, env, settings }), expected, args.join(" "));
  }
});

Deno.test("asksForJson looks at no setting that the command does not have", () => {
  const line = { args: ["-o", "json"], env: () => "json", settings: {} };
  assert.equal(asksForJson(OUTPUT, line), false);
});
