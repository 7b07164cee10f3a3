import assert from "node:assert/strict";
import { checkAmbient } from "../../tools/check_ambient.ts";
import { formatFinding } from "../../tools/finding.ts";

const REFUSED: readonly string[] = [
  "Date.now();",
  "const now = Date.now;",
  "new Date();",
  "performance.now();",
  "setTimeout(f, 1);",
  "globalThis.setTimeout(f, 1);",
  "setInterval(f, 1);",
  "AbortSignal.timeout(1);",
  "Math.random();",
  'import * as timers from "node:timers/promises";',
];

for (const text of REFUSED) {
  Deno.test(`checkAmbient refuses shipped code when it has ${text}`, () => {
    const problems = checkAmbient([{ path: "health/a.ts", text: `\n${text}` }]).map(formatFinding);
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", /^health\/a\.ts:2: uses .*\. Take a/);
  });
}

const ACCEPTED: readonly string[] = [
  "// Date.now() is not for us",
  'throw new Error("no setTimeout here");',
  "clock.now();",
  "timers.setTimeout(f, 1);",
  "new Date(clock.now());",
  "const random = options.random ?? Math.random;",
  "clearTimeout(timer);",
];

for (const text of ACCEPTED) {
  Deno.test(`checkAmbient accepts shipped code when it has ${text}`, () => {
    assert.deepEqual(checkAmbient([{ path: "health/a.ts", text }]), []);
  });
}

Deno.test("checkAmbient accepts timers when the file is clock.ts", () => {
  assert.deepEqual(checkAmbient([{ path: "clock.ts", text: "setTimeout(f, Date.now());" }]), []);
});
