import assert from "node:assert/strict";
import type { FeatureProbe } from "../../../config/availability/feature_probe.ts";
import {
  describeThrown,
  messageOf,
  settleProbe,
} from "../../../config/availability/settle_probe.ts";
import { probeContext } from "./probe_context.ts";

class OddError extends Error {
  override name = "OddError";
}

class NamelessError extends Error {}

const hostile = {
  get available(): boolean {
    throw new OddError("hands off");
  },
};

const untextable = {
  toString(): string {
    throw new Error("no text");
  },
};

Deno.test("settleProbe makes a result of whatever a probe does", async () => {
  const cases: readonly { name: string; probe: () => unknown; reason: string | null }[] = [
    { name: "yes", probe: () => ({ available: true }), reason: null },
    { name: "yes, later", probe: () => Promise.resolve({ available: true }), reason: null },
    { name: "no", probe: () => ({ available: false, reason: "why" }), reason: "why" },
    {
      name: "no reason",
      probe: () => ({ available: false }),
      reason: "the probe gave no reason",
    },
    {
      name: "empty reason",
      probe: () => ({ available: false, reason: "" }),
      reason: "the probe gave no reason",
    },
    {
      name: "throws",
      probe: () => {
        throw new OddError("boom");
      },
      reason: "OddError: boom",
    },
    {
      name: "rejects",
      probe: () => Promise.reject(new TypeError("bad")),
      reason: "TypeError: bad",
    },
    { name: "rejects with text", probe: () => Promise.reject("text"), reason: "thrown: text" },
    {
      name: "rejects with what has no text",
      probe: () => Promise.reject(untextable),
      reason: "a thrown object that cannot be shown as text",
    },
    { name: "hostile getter", probe: () => hostile, reason: "OddError: hands off" },
    ...[
      [undefined, "undefined"],
      [null, "null"],
      [true, "true"],
      ["junk", "a value of type string"],
      [1, "a value of type number"],
      [{}, "a value of type object"],
      [{ available: "yes" }, "a value of type object"],
      [{ available: 1 }, "a value of type object"],
    ].map(([value, shown]) => ({
      name: `junk ${String(shown)}`,
      probe: () => value,
      reason: `the probe answered with ${shown} instead of a result`,
    })),
  ];
  for (const { name, probe, reason } of cases) {
    const result = await settleProbe(probe as FeatureProbe, probeContext());
    assert.deepEqual(
      result,
      reason === null ? { available: true } : { available: false, reason },
      name,
    );
    assert.ok(Object.isFrozen(result), name);
  }
});

Deno.test("describeThrown names class and message, messageOf the message alone", () => {
  assert.equal(describeThrown(new OddError("x")), "OddError: x");
  assert.equal(describeThrown(new NamelessError("x")), "NamelessError: x");
  assert.equal(describeThrown(new (class extends Error {})("x")), "Error: x");
  assert.equal(describeThrown(new Error("x")), "Error: x");
  assert.equal(describeThrown(new DOMException("x", "TimeoutError")), "TimeoutError: x");
  assert.equal(messageOf(new OddError("x")), "x");
  assert.equal(messageOf(new OddError("")), "OddError: ");
  assert.equal(messageOf(7), "thrown: 7");
});

Deno.test("describeThrown and messageOf never throw, whatever was thrown", () => {
  const fail = () => {
    throw new Error("no");
  };
  const cases = [
    new Proxy(new Error("x"), { get: fail }),
    new Proxy({}, { getPrototypeOf: fail }),
    Object.assign(new Error("x"), { message: Symbol("s") }),
    Object.defineProperty(new Error("x"), "constructor", { get: fail }),
    Object.defineProperty(new Error("x"), "constructor", { value: undefined }),
  ];
  for (const thrown of cases) {
    assert.equal(typeof describeThrown(thrown), "string");
    assert.equal(typeof messageOf(thrown), "string");
  }
});
