import assert from "node:assert/strict";
import { resolveServiceOptions, type ServiceOptions } from "../../coordination/service_options.ts";

const DAY_MS = 86_400_000;

Deno.test("resolveServiceOptions fills in what is not said, and copies what is", () => {
  assert.deepEqual(resolveServiceOptions({}), {
    work: { maxBacklog: 100_000, retainMs: DAY_MS },
    ballotRetainMs: DAY_MS,
  });
  const work = { maxBacklog: 7 };
  const limits = resolveServiceOptions({ work, ballotRetainMs: 1_000 });
  work.maxBacklog = 8;
  assert.deepEqual(limits, { work: { maxBacklog: 7, retainMs: DAY_MS }, ballotRetainMs: 1_000 });
  assert.deepEqual(resolveServiceOptions(limits), limits);
});

Deno.test("resolveServiceOptions refuses what is out of range, with the numbers", () => {
  const year = 365 * DAY_MS;
  const cases: { options: ServiceOptions; message: string }[] = [
    {
      options: { ballotRetainMs: 999 },
      message: `ballotRetainMs must be a number from 1000 to ${year}, got 999`,
    },
    {
      options: { ballotRetainMs: NaN },
      message: `ballotRetainMs must be a number from 1000 to ${year}, got NaN`,
    },
    {
      options: { ballotRetainMs: Infinity },
      message: `ballotRetainMs must be a number from 1000 to ${year}, got Infinity`,
    },
    {
      options: { work: { maxBacklog: 0 } },
      message: "maxBacklog must be a number from 1 to 10000000, got 0",
    },
    {
      options: { work: { retainMs: 1 } },
      message: `retainMs must be a number from 1000 to ${year}, got 1`,
    },
  ];
  for (const { options, message } of cases) {
    assert.throws(() => resolveServiceOptions(options), { name: "RangeError", message }, message);
  }
});
