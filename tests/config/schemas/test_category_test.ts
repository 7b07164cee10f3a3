import assert from "node:assert/strict";
import { category } from "../../../config/schemas/test_category.ts";
import { CATEGORY } from "./layers_text.ts";

Deno.test("category needs nothing and takes all tests where it does not say", () => {
  const { resource_requirements, filters } = category.parse(CATEGORY);
  const { min_memory_mb, ...flags } = resource_requirements;
  assert.equal(min_memory_mb, 128);
  assert.equal(Object.keys(flags).length, 11);
  assert.ok(Object.values(flags).every((flag) => flag === false));
  assert.deepEqual(filters, { include_patterns: [], exclude_patterns: [] });
});

Deno.test("category keeps to the bounds of the reference", () => {
  const cases = [
    { name: "Unit" },
    { timeout_seconds: 29 },
    { timeout_seconds: 3_601 },
    { max_parallel_instances: 9 },
    { priority_order: 0 },
    { resource_requirements: { min_memory_mb: 63 } },
    { resource_requirements: { requires_mail: true } },
    { filters: { include_patterns: "smoke" } },
  ];
  for (const change of cases) {
    assert.ok(!category.safeParse({ ...CATEGORY, ...change }).success, JSON.stringify(change));
  }
});
