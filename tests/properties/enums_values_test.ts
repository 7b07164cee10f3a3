import assert from "node:assert/strict";
import fc from "fast-check";
import {
  BackgroundTaskStatus,
  canTransition,
  ENUMS,
  enumValues,
  isEnumValue,
  isFinalStatus,
  parseEnumValue,
  transition,
  UnknownEnumValueError,
} from "../../enums/mod.ts";
import { readUtcTime } from "../../enums/records/utc_time.ts";
import { checkProperty } from "../support/property.ts";

const sets = Object.entries(ENUMS);
const member = fc.constantFrom(...sets.flatMap(([, set]) => [...enumValues(set)]));

Deno.test("parseEnumValue takes exactly what enumValues lists and isEnumValue knows", () => {
  const value = fc.oneof(member, member.map((text) => text.toUpperCase()), fc.anything());
  checkProperty(fc.property(fc.constantFrom(...sets), value, ([name, set], value) => {
    const isListed = typeof value === "string" && enumValues(set).includes(value);
    assert.equal(isEnumValue(set, value), isListed);
    if (isListed) assert.equal(parseEnumValue(set, value), value);
    else {
      assert.throws(() => parseEnumValue(set, value), (error: unknown) => {
        return error instanceof UnknownEnumValueError && error.enumName === name;
      });
    }
  }));
});

Deno.test("a background task never leaves a final status, and gets to one in at most three steps", () => {
  const status = fc.constantFrom(...enumValues(BackgroundTaskStatus));
  checkProperty(fc.property(fc.array(status, { maxLength: 50 }), (wanted) => {
    let now: BackgroundTaskStatus = BackgroundTaskStatus.QUEUED;
    let steps = 0;
    for (const next of wanted) {
      if (!canTransition(now, next)) continue;
      assert.ok(!isFinalStatus(now), `${now} was left`);
      now = transition(now, next);
      steps++;
    }
    assert.ok(steps <= 3);
  }));
});

Deno.test("readUtcTime reads any moment alike from a Date, its text and its text in any zone", () => {
  const date = fc.date({
    min: new Date("0001-01-02T00:00:00Z"),
    max: new Date("9999-12-30T00:00:00Z"),
    noInvalidDate: true,
  });
  const offset = fc.integer({ min: -23 * 60, max: 23 * 60 });
  checkProperty(fc.property(date, offset, (date, minutes) => {
    const expected = date.toISOString();
    assert.equal(readUtcTime(date), expected);
    assert.equal(readUtcTime(expected), expected);
    assert.equal(readUtcTime(expected.slice(0, -1)), expected);
    const two = (value: number) => String(value).padStart(2, "0");
    const size = Math.abs(minutes);
    const zone = `${minutes < 0 ? "-" : "+"}${two(Math.floor(size / 60))}:${two(size % 60)}`;
    const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
    assert.equal(readUtcTime(local + zone), expected);
  }));
});
