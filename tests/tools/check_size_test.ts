import assert from "node:assert/strict";
import { checkSize } from "../../tools/check_size.ts";
import { formatFinding } from "../../tools/finding.ts";

Deno.test("checkSize accepts a file when it has exactly 300 lines", () => {
  assert.deepEqual(checkSize([{ path: "health/a.ts", text: "x;\n".repeat(300) }]), []);
});

Deno.test("checkSize refuses a file when it has 301 lines", () => {
  const findings = checkSize([{ path: "health/a.ts", text: "x;\n".repeat(301) }]);
  assert.deepEqual(findings.map(formatFinding), [
    "health/a.ts: has 301 lines, and 300 is the limit. Split it by concept: one idea per file, named after it",
  ]);
});

Deno.test("checkSize accepts a list of exports of any length", () => {
  const text = "x;\n".repeat(301);
  assert.deepEqual(checkSize([{ path: "mod.ts", text }, { path: "enums/mod.ts", text }]), []);
  assert.equal(checkSize([{ path: "health/a_mod.ts", text }]).length, 1);
});
