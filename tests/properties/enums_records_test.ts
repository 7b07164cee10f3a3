import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BackgroundTaskConfig,
  BackgroundTaskResult,
  BackgroundTaskStatus,
  CategoryExecutionResult,
  E2ETestCategory,
  enumValues,
  ExecutionStrategy,
  LayerDefinition,
  LayerExecutionResult,
  LayerType,
  ProgressEvent,
  ProgressEventType,
  ProgressLevel,
} from "../../enums/mod.ts";
import { InvalidRecordError } from "../../enums/records/invalid_record_error.ts";
import type { RecordType, WireRecord } from "../enums/records/record_contract.ts";
import { checkProperty } from "../support/property.ts";

const text = fc.string({ unit: "binary", maxLength: 20 });
const filled = text.filter((each) => each.trim() !== "");
const count = fc.nat();
const exitCode = fc.option(fc.integer());
const positive = (max: number) => fc.double({ min: 0, max, minExcluded: true, noNaN: true });
const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const time = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9998-12-31T23:59:59Z"),
  noInvalidDate: true,
}).map((date) => date.toISOString());
const naive = time.map((iso) => iso.slice(0, -1) + "456");
const when = fc.oneof(time, naive);
const key = fc.string({ maxLength: 10 }).filter((each) => each !== "__proto__");
const { json } = fc.letrec<{ json: unknown }>((tie) => ({
  json: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.oneof(text, finite, fc.boolean(), fc.constant(null)),
    fc.array(tie("json"), { maxLength: 4 }),
    fc.dictionary(key, tie("json"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const data = fc.dictionary(key, json, { maxKeys: 4 });
const texts = fc.array(text, { maxLength: 5 });
const member = (set: Readonly<Record<string, string>>) => fc.constantFrom(...enumValues(set));

/** Wire keys of a record, of which some may be absent. */
function dict(
  required: Record<string, fc.Arbitrary<unknown>>,
  optional: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(fc.record(required), fc.record(optional, { requiredKeys: [] }))
    .map(([some, more]) => ({ ...some, ...more }));
}

const config = dict({ category: member(E2ETestCategory) }, {
  environment: filled,
  use_real_services: fc.boolean(),
  use_real_llm: fc.boolean(),
  timeout_minutes: positive(10_080),
  max_retries: count,
  cpu_limit_percent: fc.option(positive(100)),
  memory_limit_gb: fc.option(positive(1e6)),
  priority: fc.integer(),
  services_required: texts,
  additional_args: texts,
  env_vars: fc.dictionary(key, text),
  resource_requirements: data,
});
/** Start and end in their order; either may be null. */
const span = fc.tuple(fc.option(when), fc.option(when)).map(([a, b]) => {
  if (a === null || b === null) return { start_time: a, end_time: b };
  return a < b ? { start_time: a, end_time: b } : { start_time: b, end_time: a };
});
/** As `span`, of something that has begun. */
const begun = fc.tuple(when, span).map(([start, { start_time, end_time }]) =>
  start_time === null ? { start_time: start, end_time: null } : { start_time, end_time }
);
function spanned(
  fields: fc.Arbitrary<Record<string, unknown>>,
  times: fc.Arbitrary<Record<string, unknown>>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.tuple(fields, times).map(([some, more]) => ({ ...some, ...more }));
}

const records: { type: RecordType<WireRecord>; wire: fc.Arbitrary<Record<string, unknown>> }[] = [
  { type: BackgroundTaskConfig, wire: config },
  {
    type: BackgroundTaskResult,
    wire: spanned(
      dict({
        task_id: filled,
        category: member(E2ETestCategory),
        status: member(BackgroundTaskStatus),
        config,
      }, {
        exit_code: exitCode,
        stdout: text,
        stderr: text,
        duration_seconds: fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }),
        test_counts: fc.dictionary(key, count),
        error_message: fc.option(text),
        resource_usage: data,
        retry_count: count,
        success: fc.anything(),
      }),
      span,
    ),
  },
  {
    type: ProgressEvent,
    wire: dict({ event_type: member(ProgressEventType), timestamp: when }, {
      data,
      layer_name: fc.option(text),
      category_name: fc.option(text),
      task_id: fc.option(text),
      message: fc.option(text),
      level: member(ProgressLevel),
    }),
  },
  {
    type: LayerDefinition,
    wire: dict({ name: text, layer_type: member(LayerType), categories: texts }, {
      execution_strategy: member(ExecutionStrategy),
      timeout_minutes: finite,
      max_parallel_categories: fc.option(finite),
      resource_requirements: data,
      service_dependencies: texts,
      environment_requirements: data,
      requires_real_services: fc.boolean(),
      requires_real_llm: fc.boolean(),
      can_run_in_parallel: fc.boolean(),
      is_background_eligible: fc.boolean(),
    }),
  },
  {
    type: LayerExecutionResult,
    wire: spanned(
      dict({
        layer_name: filled,
        execution_strategy: member(ExecutionStrategy),
        total_tests: fc.integer({ min: 100, max: 1_000 }),
      }, {
        success: fc.boolean(),
        categories_executed: texts,
        categories_failed: texts,
        categories_skipped: texts,
        passed_tests: fc.nat(100),
        failed_tests: count,
        skipped_tests: count,
        error_message: fc.option(text),
        resource_usage: data,
        success_rate: fc.anything(),
        duration_seconds: fc.anything(),
      }),
      begun,
    ),
  },
  {
    type: CategoryExecutionResult,
    wire: spanned(
      dict({ category_name: filled, layer_name: filled }, {
        success: fc.boolean(),
        exit_code: exitCode,
        tests_run: count,
        tests_passed: count,
        tests_failed: count,
        tests_skipped: count,
        coverage_percentage: fc.option(positive(100)),
        error_message: fc.option(text),
        stdout: text,
        stderr: text,
        duration_seconds: fc.anything(),
      }),
      begun,
    ),
  },
];

for (const { type, wire } of records) {
  Deno.test(`${type.name} is the same after decode, encode and decode, over JSON and without it`, () => {
    checkProperty(fc.property(wire, (dict) => {
      const first = type.fromDict(dict);
      const sent = JSON.stringify(first);
      const second = type.fromDict(JSON.parse(sent));
      assert.deepEqual(second, first);
      assert.equal(JSON.stringify(second), sent);
      assert.deepEqual(type.fromDict(first.toDict()), first);
      assert.deepEqual(new type({ ...first }), first);
    }));
  });

  Deno.test(`${type.name} is made from anything, or refused with faults that have a place`, () => {
    const keys = Object.keys(type.fromDict(fc.sample(wire, { numRuns: 1, seed: 1 })[0]).toDict());
    const damage = fc.dictionary(fc.constantFrom(...keys), fc.anything(), { minKeys: 1 });
    checkProperty(fc.property(wire, damage, (dict, damage) => {
      try {
        const record = type.fromDict({ ...dict, ...damage });
        assert.deepEqual(type.fromDict(JSON.parse(JSON.stringify(record))), record);
      } catch (error) {
        if (!(error instanceof InvalidRecordError)) throw error;
        assert.ok(error.faults.length > 0);
        const roots = error.faults.map(({ path }) => path.split(/[.[]/)[0]!);
        assert.ok(roots.every((root) => keys.includes(root)), roots.join());
      }
    }));
  });

  Deno.test(`${type.name} refuses whatever is no wire form, with its own error`, () => {
    checkProperty(fc.property(fc.anything({ withBigInt: true, withDate: true }), (junk) => {
      assert.throws(() => type.fromDict(junk), InvalidRecordError);
    }));
  });
}
