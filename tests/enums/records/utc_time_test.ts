import assert from "node:assert/strict";
import { readUtcTime } from "../../../enums/records/utc_time.ts";

Deno.test("readUtcTime reads every form of ISO time that programs write, as UTC", () => {
  const cases: { name: string; value: unknown; expected: string }[] = [
    { name: "own form", value: "2025-09-02T10:00:00.123Z", expected: "2025-09-02T10:00:00.123Z" },
    { name: "naive", value: "2025-09-02T10:00:00", expected: "2025-09-02T10:00:00.000Z" },
    { name: "micros", value: "2025-09-02T10:05:00.123999", expected: "2025-09-02T10:05:00.123Z" },
    { name: "one digit", value: "2025-09-02T10:05:00.1Z", expected: "2025-09-02T10:05:00.100Z" },
    { name: "comma", value: "2025-09-02T10:05:00,25Z", expected: "2025-09-02T10:05:00.250Z" },
    { name: "no seconds", value: "2025-09-02T10:05", expected: "2025-09-02T10:05:00.000Z" },
    { name: "space", value: "2025-09-02 10:00:00", expected: "2025-09-02T10:00:00.000Z" },
    { name: "lower case", value: "2025-09-02t10:00:00z", expected: "2025-09-02T10:00:00.000Z" },
    { name: "east", value: "2025-09-02T10:00:00+02:00", expected: "2025-09-02T08:00:00.000Z" },
    { name: "west", value: "2025-09-02T22:00:00-0330", expected: "2025-09-03T01:30:00.000Z" },
    { name: "leap day", value: "2024-02-29T00:00:00Z", expected: "2024-02-29T00:00:00.000Z" },
    { name: "year 50", value: "0050-01-01T00:00:00Z", expected: "0050-01-01T00:00:00.000Z" },
    { name: "Date", value: new Date(1), expected: "1970-01-01T00:00:00.001Z" },
  ];
  for (const { name, value, expected } of cases) assert.equal(readUtcTime(value), expected, name);
});

Deno.test("readUtcTime is undefined for what is no moment", () => {
  const values: unknown[] = [
    "",
    "yesterday",
    "2025-09-02",
    "10:00:00",
    "2025-02-29T00:00:00Z",
    "2025-02-30T00:00:00Z",
    "2025-04-31T12:00:00",
    "2025-13-01T00:00:00Z",
    "2025-00-01T00:00:00Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T25:00:00Z",
    "2025-01-01T00:60:00Z",
    "2025-01-01T00:00:60Z",
    "2025-01-01T00:00:00+24:00",
    "2025-01-01T00:00:00+00:60",
    "2025-01-01T00:00:00 UTC",
    " 2025-01-01T00:00:00Z",
    "2025-01-01T00:00:00Z\n",
    "Tue, 02 Sep 2025 10:00:00 GMT",
    "9999-12-31T23:59:59-01:00",
    "0000-01-01T00:00:00+01:00",
    "+010000-01-01T00:00:00Z",
    new Date(NaN),
    new Date(8.64e15),
    1_756_807_200_000,
    null,
    undefined,
    {},
  ];
  for (const value of values) assert.equal(readUtcTime(value), undefined, String(value));
});
