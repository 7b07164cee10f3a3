import assert from "node:assert/strict";
import {
  logPeriod,
  parseLogRotation,
  rotatedName,
  rotatedUntilMs,
} from "../../../orchestration/recovery/log_rotation.ts";

Deno.test("parseLogRotation reads the four rotations in any letter case, and refuses others", () => {
  const texts = ["daily", " Hourly", "WEEKLY ", ""];
  assert.deepEqual(texts.map(parseLogRotation), ["daily", "hourly", "weekly", ""]);
  assert.throws(
    () => parseLogRotation("monthly"),
    new RangeError('Log rotation must be one of "hourly", "daily", "weekly", "", got "monthly"'),
  );
});

Deno.test("logPeriod names the period of a moment, by UTC", () => {
  const cases = [
    ["hourly", "2026-11-21T13:59:59.999Z", "2026-11-21T13"],
    ["daily", "2026-11-21T23:59:59.999Z", "2026-11-21"],
    ["daily", "2026-11-22T00:00:00.000Z", "2026-11-22"],
    ["weekly", "2026-11-22T23:59:59.999Z", "W2026-11-16"],
    ["weekly", "2026-11-23T00:00:00.000Z", "W2026-11-23"],
    ["weekly", "2027-01-01T00:00:00.000Z", "W2026-12-28"],
    ["weekly", "1970-01-01T00:00:00.000Z", "W1969-12-29"],
    ["", "2026-11-21T13:00:00.000Z", ""],
  ] as const;
  for (const [rotation, at, period] of cases) {
    assert.equal(logPeriod(rotation, Date.parse(at)), period, `${rotation} ${at}`);
  }
});

Deno.test("rotatedName takes the first number that is free", () => {
  const taken = new Set(["a.log", "a.log.2026-11-21", "a.log.2026-11-21.1", "a.log.2026-11-21.3"]);
  assert.equal(rotatedName("a.log", "2026-11-20", taken), "a.log.2026-11-20");
  assert.equal(rotatedName("a.log", "2026-11-21", taken), "a.log.2026-11-21.2");
});

Deno.test("rotatedUntilMs tells the rotated files of a log from all others", () => {
  const cases: [name: string, until: string | null][] = [
    ["a.log.2026-11-21", "2026-11-22T00:00:00Z"],
    ["a.log.2026-11-21.12", "2026-11-22T00:00:00Z"],
    ["a.log.2026-11-21T23", "2026-11-22T00:00:00Z"],
    ["a.log.2026-11-21T23.1", "2026-11-22T00:00:00Z"],
    ["a.log.W2026-11-16", "2026-11-23T00:00:00Z"],
    ["a.log.W2026-11-17", null], // no Monday
    ["a.log.W2026-11-16T01", null],
    ["a.log.2026-02-30", null],
    ["a.log.2026-13-01", null],
    ["a.log.2026-11-21T24", null],
    ["a.log.2026-11-21.0", null],
    ["a.log.2026-11-21.1234567", null],
    ["a.log.2026-11-21.gz", null],
    ["a.log.2026-11-21\n", null],
    ["xa.log.2026-11-21", null],
    ["a.log2026-11-21", null],
    ["b.log.2026-11-21", null],
    ["a-log.2026-11-21", null],
    ["a.log.lock", null],
    ["a.log", null],
  ];
  for (const [name, until] of cases) {
    assert.equal(rotatedUntilMs("a.log", name), until && Date.parse(until), name);
  }
});
