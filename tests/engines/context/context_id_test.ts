import assert from "node:assert/strict";
import {
  checkId,
  checkIdForm,
  checkOperationName,
  readIdRules,
} from "../../../engines/context/context_id.ts";

const rules = readIdRules(undefined);
const LONG = "a_name_that_is_longer_than_twenty_characters";

Deno.test("checkId accepts ids that stand for somebody", () => {
  const ids = [
    "x",
    "2",
    "10",
    "ada",
    "testament",
    "contest",
    "mocker",
    "tEmp-1",
    "9b2f-…",
    "李雷",
    "ren\u00e9",
  ];
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

Deno.test("checkId sees through other forms of the same letters", () => {
  const cases: [id: string, problem: RegExp][] = [
    ["ｔｅｍｐ_x", /placeholder pattern/],
    ["ＴＥＳＴ", /forbidden placeholder value/],
    ["de\u2133o", /forbidden placeholder value/],
    ["te\u017ft_1", /placeholder pattern/],
    ["default\uff3ftemp", /placeholder pattern/],
    ["\uff10", /forbidden placeholder value/],
  ];
  for (const [id, message] of cases) {
    assert.throws(() => checkId("user_id", id, rules), { name: "InvalidContextError", message });
  }
  assert.equal(checkId("user_id", "ｄｅｆａｕｌｔ_user", rules), "ｄｅｆａｕｌｔ_user");
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
    ["a variation", "ada\ufe0f", `${unseen} "ada\ufe0f"`],
    ["a joiner of graphemes", "ada\u034f", `${unseen} "ada\u034f"`],
    ["a Hangul filler", "\u3164", `${unseen} "\u3164"`],
    ["a Hangul beginning", "\u115f", `${unseen} "\u115f"`],
    ["an empty Braille cell", "\u2800", `${unseen} "\u2800"`],
    ["another blank inside", "a\u00a0b", `${unseen} "a\u00a0b"`],
    ["a tag", "ada\u{e0041}", `${unseen} "ada\u{e0041}"`],
    [
      "letters taken apart",
      "rene\u0301",
      "Field 'user_id' must be in Unicode's normal form C, as normalize(\"NFC\") makes it, " +
      'got "rene\u0301"',
    ],
  ];
  for (const [name, value, message] of cases) {
    assert.throws(
      () => checkIdForm("user_id", value),
      { name: "InvalidContextError", field: "user_id", message },
      name,
    );
  }
});

Deno.test("checkOperationName checks what an operation is called", () => {
  assert.equal(checkOperationName("agent_execution_triage"), "agent_execution_triage");
  for (const name of ["", " spaced ", "new\nline", "x".repeat(257), 5]) {
    assert.throws(() => checkOperationName(name), {
      name: "InvalidContextError",
      field: "operation_name",
    });
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
    { allowedIds: ["ｄｅｍｏ"] },
    unreadable,
  ];
  for (const given of cases) {
    assert.throws(() => readIdRules(given), { name: "InvalidContextError", field: "id_rules" });
  }
});
