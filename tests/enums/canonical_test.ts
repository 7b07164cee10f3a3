import assert from "node:assert/strict";
import {
  canonical,
  FallbackMode,
  MemberStatus,
  OrchestrationMode,
  ServiceStatus,
} from "../../enums/mod.ts";

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

Deno.test("canonical reads the names that older documents use", () => {
  const cases: { set: Record<string, string>; text: string; member?: string }[] = [
    { set: OrchestrationMode, text: "legacy_categories", member: "legacy" },
    { set: OrchestrationMode, text: "layered_execution", member: "nightly" },
    { set: OrchestrationMode, text: "background_e2e", member: "background" },
    { set: OrchestrationMode, text: "hybrid_execution", member: "hybrid" },
    { set: OrchestrationMode, text: "HYBRID_EXECUTION", member: "hybrid" },
    { set: ServiceStatus, text: "stopped", member: "unavailable" },
    { set: ServiceStatus, text: "Stopped", member: "unavailable" },
    { set: MemberStatus, text: "stopped" },
    { set: OrchestrationMode, text: "constructor" },
  ];
  for (const { set, text, member } of cases) assert.equal(canonical(set, text), member, text);
});
