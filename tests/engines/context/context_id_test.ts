import assert from "node:assert/strict";
import { checkId, checkIdForm, readIdRules } from "../../../engines/context/context_id.ts";

const rules = readIdRules(undefined);
const LONG = "a_name_that_is_longer_than_twenty_characters";

Deno.test("checkId accepts ids that stand for somebody", () => {
  const ids = ["x", "2", "10", "ada", "testament", "contest", "mocker", "tEmp-1", "9b2f-…", "李雷"];
  for (const id of [...ids, "a b", "a:b", "x".repeat(256), "default_user", "Default_Admin"]) {
    assert.equal(checkId("user_id", id, rules), id);
  }
});

Deno.test("checkId refuses every placeholder, however it is written", () => {
  const placeholders =
    "registry placeholder default temp none null undefined 0 1 xxx yyy example test demo sample " +
    "template mock fake dummy";
  for (const id of placeholders.split(" ").flatMap((each) => [each, each.toUpperCase()])) {
    assert.throws(() => checkId("run_id", id, rules), {
      name: "InvalidContextError",
      field: "run_id",
      message: `Field 'run_id' contains forbidden placeholder value: "${id}"`,
    });
  }
});

Deno.test("checkId refuses the prefixes of placeholders, however long the id is", () => {
  const prefixes =
    "placeholder_ registry_ temp_ example_ demo_ sample_ template_ mock_ fake_ default_ test_";
  for (const prefix of prefixes.split(" ").flatMap((each) => [each, each.toUpperCase()])) {
    for (const id of [`${prefix}x`, prefix, prefix + LONG]) {
      assert.throws(() => checkId("user_id", id, rules), {
        name: "InvalidContextError",
        message: /^Field 'user_id' contains placeholder pattern: /,
      });
    }
  }
});

Deno.test("checkId names what is allowed when an id begins with default_", () => {
  assert.throws(() => checkId("user_id", "default_temp", rules), {
    message: /"default_temp"; of those .* allowed: default_user, .*, default_guest$/,
  });
  const none = readIdRules({ allowedIds: [] });
  assert.throws(() => checkId("user_id", "default_user", none), { message: /allowed: none$/ });
});

Deno.test("checkId accepts what the rules allow, and no more", () => {
  const own = readIdRules({ allowedIds: ["demo"], allowedPrefixes: ["test_"] });
  assert.equal(checkId("user_id", "DEMO", own), "DEMO");
  assert.equal(checkId("user_id", "Test_1", own), "Test_1");
  assert.throws(() => checkId("user_id", "demo_1", own), { name: "InvalidContextError" });
  assert.throws(() => checkId("user_id", "test", own), { name: "InvalidContextError" });
  assert.throws(() => checkId("user_id", "default_user", own), { name: "InvalidContextError" });
});

Deno.test("checkIdForm refuses what is no id, and shows what it got", () => {
  const required = "Required field 'user_id' must be a non-empty string, got";
  const unseen = "Field 'user_id' must not have outer blanks or unseen characters, got";
  const cases: [name: string, value: unknown, message: string][] = [
    ["nothing", undefined, `${required} undefined`],
    ["null", null, `${required} null`],
    ["a number", 42, `${required} 42`],
    ["an object", { toString: () => "ada" }, `${required} an object`],
    ["a symbol", Symbol("ada"), `${required} a symbol`],
    ["a big integer", 1n, `${required} a bigint`],
    ["a String object", new String("ada"), `${required} an object`],
    ["empty", "", `${required} ""`],
    ["blank", " \t\n", `${required} " \\t\\n"`],
    ["too long", "x".repeat(257), "Field 'user_id' must have at most 256 characters, got 257"],
    ["huge", "x".repeat(1e7), "Field 'user_id' must have at most 256 characters, got 10000000"],
    ["NUL", "a\0b", `${unseen} "a\\u0000b"`],
    ["a zero-width space", "ada\u200b", `${unseen} "ada\u200b"`],
    ["a change of direction", "a\u202eda", `${unseen} "a\u202eda"`],
    ["half a pair", "ada\ud800", `${unseen} "ada\\ud800"`],
    ["outer blanks", " test", `${unseen} " test"`],
  ];
  for (const [name, value, message] of cases) {
    assert.throws(
      () => checkIdForm("user_id", value),
      { name: "InvalidContextError", field: "user_id", message },
      name,
    );
  }
});

Deno.test("readIdRules refuses rules that would mean all ids or none", () => {
  const unreadable = {
    get allowedIds(): string[] {
      throw new Error("no");
    },
  };
  const sparse: string[] = [];
  sparse.length = 4e9;
  const cases: unknown[] = [
    5,
    { allowedIds: "demo" },
    { allowedIds: [1] },
    { allowedIds: sparse },
    { allowedPrefixes: [""] },
    { allowedPrefixes: ["Test_"] },
    unreadable,
  ];
  for (const given of cases) {
    assert.throws(() => readIdRules(given), { name: "InvalidContextError", field: "id_rules" });
  }
});
