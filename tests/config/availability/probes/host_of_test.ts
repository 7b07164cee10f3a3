import assert from "node:assert/strict";
import { hostOf } from "../../../../config/availability/probes/host_of.ts";

Deno.test("hostOf always names the port", () => {
  const cases = [
    ["http://a.org/x", "a.org:80"],
    ["https://a.org", "a.org:443"],
    ["https://a.org:443", "a.org:443"],
    ["http://a.org:8000", "a.org:8000"],
    ["http://[::1]", "[::1]:80"],
  ] as const;
  for (const [url, expected] of cases) assert.equal(hostOf(new URL(url)), expected);
});
