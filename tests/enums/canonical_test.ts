import assert from "node:assert/strict";
import { canonical, FallbackMode, MemberStatus } from "../../enums/mod.ts";

Deno.test("canonical finds the member that a text spells in any letter case (F14, F21)", () => {
  const cases: { name: string; set: Record<string, string>; text: unknown; member?: string }[] = [
    { name: "exact", set: FallbackMode, text: "SAFE", member: "SAFE" },
    { name: "lower case", set: FallbackMode, text: "safe", member: "SAFE" },
    { name: "mixed case", set: FallbackMode, text: "pRiMaRy", member: "PRIMARY" },
    { name: "lower-case set", set: MemberStatus, text: "DEAD", member: "dead" },
    { name: "not a member", set: FallbackMode, text: "SPLIT_BRAIN" },
    { name: "spaces", set: FallbackMode, text: " SAFE" },
    { name: "empty", set: FallbackMode, text: "" },
    { name: "prototype key", set: FallbackMode, text: "constructor" },
    { name: "__proto__", set: FallbackMode, text: "__proto__" },
    { name: "undefined", set: FallbackMode, text: undefined },
    { name: "null", set: FallbackMode, text: null },
    { name: "a number", set: FallbackMode, text: 1 },
    { name: "an object that prints as one", set: FallbackMode, text: { toString: () => "SAFE" } },
  ];
  for (const { name, set, text, member } of cases) {
    assert.equal(canonical(set, text), member, name);
  }
});
