import assert from "node:assert/strict";
import {
  createCustomLayer,
  type CustomLayerOptions,
  validateLayerDefinition,
} from "../../enums/mod.ts";

const NAME = "Layer name cannot be empty";
const CATEGORY = "Layer must have at least one category";
const TIMEOUT = "Timeout must be positive";
const LIMITED = "Max parallel categories must be positive when using PARALLEL_LIMITED strategy";
const BACKGROUND = "Background-eligible layers should not use PARALLEL_UNLIMITED strategy";
const WHOLE = "Timeout must be a whole number of minutes";
const HUGE = "Timeout must not be more than 10080 minutes";
const UNSET = "Max parallel categories must be set when using PARALLEL_LIMITED strategy";
const HYBRID = "Max parallel categories must be positive when using HYBRID_SMART strategy";
const WHOLE_LIMIT = "Max parallel categories must be a whole number";
const BLANK = "Category names cannot be empty";

interface Case {
  readonly title: string;
  readonly name?: string;
  readonly categories?: string[];
  readonly options?: CustomLayerOptions;
  readonly faults: string[];
}

const cases: Case[] = [
  { title: "nothing wrong", faults: [] },
  { title: "no name", name: "", faults: [NAME] },
  { title: "blank name", name: " \t", faults: [NAME] },
  { title: "no category", categories: [], faults: [CATEGORY] },
  { title: "blank category", categories: ["unit", " "], faults: [BLANK] },
  { title: "timeout 0", options: { timeoutMinutes: 0 }, faults: [TIMEOUT] },
  { title: "timeout below 0", options: { timeoutMinutes: -1 }, faults: [TIMEOUT] },
  { title: "timeout NaN", options: { timeoutMinutes: NaN }, faults: [WHOLE] },
  { title: "timeout fraction", options: { timeoutMinutes: 1.5 }, faults: [WHOLE] },
  { title: "timeout a week", options: { timeoutMinutes: 10_080 }, faults: [] },
  { title: "timeout huge", options: { timeoutMinutes: 10_081 }, faults: [HUGE] },
  { title: "timeout endless", options: { timeoutMinutes: Infinity }, faults: [WHOLE, HUGE] },
  {
    title: "limited to 0",
    options: { executionStrategy: "parallel_limited", maxParallelCategories: 0 },
    faults: [LIMITED],
  },
  {
    title: "limited to 1",
    options: { executionStrategy: "parallel_limited", maxParallelCategories: 1 },
    faults: [],
  },
  {
    title: "limited without a limit",
    options: { executionStrategy: "parallel_limited" },
    faults: [UNSET],
  },
  {
    title: "hybrid below 0",
    options: { executionStrategy: "hybrid_smart", maxParallelCategories: -1 },
    faults: [HYBRID],
  },
  { title: "hybrid without a limit", options: { executionStrategy: "hybrid_smart" }, faults: [] },
  {
    title: "sequential with a limit that is not used",
    options: { maxParallelCategories: -1 },
    faults: [],
  },
  { title: "limit NaN", options: { maxParallelCategories: NaN }, faults: [WHOLE_LIMIT] },
  {
    title: "background and unlimited",
    options: { executionStrategy: "parallel_unlimited", isBackgroundEligible: true },
    faults: [BACKGROUND],
  },
  {
    title: "unlimited in the foreground",
    options: { executionStrategy: "parallel_unlimited" },
    faults: [],
  },
  {
    title: "services by all their names, and two that are none",
    options: { serviceDependencies: ["postgresql", "auth_service", "redis", "mysql", ""] },
    faults: ['Unknown service: ""', 'Unknown service: "mysql"'],
  },
  {
    title: "the five, in their order, first",
    name: " ",
    categories: [],
    options: {
      timeoutMinutes: -0.5,
      executionStrategy: "parallel_limited",
      maxParallelCategories: -0.5,
      isBackgroundEligible: true,
      serviceDependencies: ["mysql"],
    },
    faults: [NAME, CATEGORY, TIMEOUT, LIMITED, WHOLE, WHOLE_LIMIT, 'Unknown service: "mysql"'],
  },
  {
    title: "background after the timeout",
    options: {
      timeoutMinutes: 0,
      executionStrategy: "parallel_unlimited",
      isBackgroundEligible: true,
    },
    faults: [TIMEOUT, BACKGROUND],
  },
];

Deno.test("validateLayerDefinition reports every fault, in its order", () => {
  for (const { title, name = "mine", categories = ["unit"], options, faults } of cases) {
    assert.deepEqual(
      validateLayerDefinition(createCustomLayer(name, categories, options)),
      faults,
      title,
    );
  }
});
