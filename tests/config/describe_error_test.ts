import assert from "node:assert/strict";
import { describeError } from "../../config/describe_error.ts";

Deno.test("describeError gives a text for whatever was thrown, and never throws itself", () => {
  const cases: { name: string; thrown: unknown; text?: string }[] = [
    { name: "an error", thrown: new RangeError("too far"), text: "RangeError: too far" },
    { name: "a text", thrown: "down", text: "down" },
    { name: "undefined", thrown: undefined, text: "undefined" },
    { name: "null", thrown: null, text: "null" },
    { name: "a symbol", thrown: Symbol("down"), text: "Symbol(down)" },
    { name: "an object without prototype", thrown: Object.create(null) },
    {
      name: "an object whose toString throws",
      thrown: {
        toString() {
          throw new Error("no");
        },
      },
    },
    {
      name: "an error whose message throws",
      thrown: Object.defineProperty(new Error(), "message", {
        get() {
          throw new Error("no");
        },
      }),
    },
  ];
  for (const { name, thrown, text } of cases) {
    const described = describeError(thrown);
    assert.equal(typeof described, "string", name);
    if (text !== undefined) assert.equal(described, text, name);
  }
});
