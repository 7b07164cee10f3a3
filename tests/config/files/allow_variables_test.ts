import assert from "node:assert/strict";
import { z } from "zod";
import { allowVariables } from "../../../config/files/allow_variables.ts";

const shape = z.strictObject({
  count: z.int().max(9).describe("How many").default(1),
  share: z.number().nullable(),
  on: z.boolean(),
  word: z.enum(["red", "green"]),
  version: z.string().regex(/^\d$/),
  text: z.string(),
  list: z.array(z.number()),
  map: z.record(z.string().regex(/^[a-z]+$/), z.boolean()),
  deep: z.strictObject({ size: z.number() }),
  free: z.unknown(),
});

/** Which texts a part takes, by its own type or by a pattern of a variable. */
function takesText(part: unknown, text: string): boolean {
  const { type, anyOf, pattern, enum: words } = part as {
    type?: string;
    anyOf?: unknown[];
    pattern?: string;
    enum?: string[];
  };
  if (anyOf !== undefined) return anyOf.some((each) => takesText(each, text));
  if (type === undefined) return true;
  if (words !== undefined) return words.includes(text);
  return type === "string" && (pattern === undefined || new RegExp(pattern).test(text));
}

const schema = allowVariables(z.toJSONSchema(shape, { target: "draft-7", io: "input" }));
const at = (...keys: string[]) =>
  keys.reduce<unknown>((part, key) => (part as Record<string, unknown>)[key], schema);

Deno.test("allowVariables lets a variable stand for every kind of value", () => {
  const cases = [
    { at: ["properties", "count"], yes: ["${A}", "${A:1}"], no: ["many", "x${A}", "${A}5", "${}"] },
    { at: ["properties", "share"], yes: ["${A}"], no: ["many"] },
    { at: ["properties", "on"], yes: ["${A}", "yes", "Off"], no: ["y", "true", "${A} yes"] },
    { at: ["properties", "word"], yes: ["${A}", "red"], no: ["blue"] },
    { at: ["properties", "version"], yes: ["${A}", "1${A}", "1"], no: ["x"] },
    { at: ["properties", "text"], yes: ["${A}", "any"], no: [] },
    { at: ["properties", "list", "items"], yes: ["${A}"], no: ["many"] },
    { at: ["properties", "map", "additionalProperties"], yes: ["${A}"], no: ["many"] },
    { at: ["properties", "deep", "properties", "size"], yes: ["${A}"], no: ["many"] },
    { at: ["properties", "free"], yes: ["${A}"], no: [] },
    { at: ["properties", "list"], yes: [], no: ["${A}"] },
    { at: ["properties", "map", "propertyNames"], yes: ["a"], no: ["${A}"] },
  ];
  for (const { at: keys, yes, no } of cases) {
    for (const text of yes) assert.ok(takesText(at(...keys), text), `${keys} ${text}`);
    for (const text of no) assert.ok(!takesText(at(...keys), text), `${keys} ${text}`);
  }
});

Deno.test("allowVariables keeps what is said about a value where editors look for it", () => {
  const count = at("properties", "count") as Record<string, unknown>;
  assert.deepEqual([count["description"], count["default"]], ["How many", 1]);
  const [plain] = count["anyOf"] as Record<string, unknown>[];
  assert.deepEqual([plain?.["type"], plain?.["maximum"], plain?.["default"]], [
    "integer",
    9,
    undefined,
  ]);
  assert.deepEqual(at("properties", "text"), { type: "string" });
  assert.equal(at("additionalProperties"), false);
  assert.ok((at("required") as string[]).includes("on"));
});
