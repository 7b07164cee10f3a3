import assert from "node:assert/strict";
import { composeDocument, DEPTH_MAX } from "../../../config/files/compose_document.ts";
import { ConfigError } from "../../../config/files/config_error.ts";
import { FaultList } from "../../../config/files/fault_list.ts";

Deno.test("composeDocument throws where there is nothing to read further", () => {
  const deep = "[".repeat(DEPTH_MAX + 1) + "]".repeat(DEPTH_MAX + 1);
  const cases = [
    { name: "no text", text: "", code: "CONFIG_EMPTY", at: "0:0" },
    { name: "comments alone", text: "# x\n", code: "CONFIG_EMPTY", at: "0:0" },
    { name: "a marker alone", text: "---\n", code: "CONFIG_EMPTY", at: "0:0" },
    { name: "null", text: "null", code: "CONFIG_EMPTY", at: "0:0" },
    { name: "a list", text: "\n- a\n", code: "CONFIG_NOT_A_MAP", at: "2:1" },
    { name: "a scalar", text: "abc", code: "CONFIG_NOT_A_MAP", at: "1:1" },
    { name: "a syntax error", text: "a: 1\nb: [1\nc: 2\n", code: "CONFIG_SYNTAX", at: "3:1" },
    { name: "a tab", text: "a:\n\tb: 1\n", code: "CONFIG_SYNTAX", at: "2:1" },
    { name: "two documents", text: "a: 1\n---\nb: 1\n", code: "CONFIG_SYNTAX", at: "3:1" },
    { name: "a %TAG", text: "%TAG !e! tag:e,2000:\n---\na: 1\n", code: "CONFIG_SYNTAX", at: "1:1" },
    { name: "too deep", text: `a: ${deep}`, code: "CONFIG_SYNTAX", at: `1:${DEPTH_MAX + 3}` },
  ];
  for (const { name, text, code, at } of cases) {
    assert.throws(() => composeDocument(text, new FaultList("f", text)), (error) => {
      assert.ok(error instanceof ConfigError);
      const { line, column } = error.faults[0]!;
      assert.deepEqual([error.code, `${line}:${column}`], [code, at], name);
      return true;
    });
  }
});

Deno.test("composeDocument places what it refuses, and reads the rest", () => {
  const cases = [
    { name: "a duplicate key", text: "a: 1\nb: 2\na: 3\n", at: "3:1", path: "a" },
    { name: "a duplicate key in JSON", text: '{"a":1,\n "a":2}', at: "2:2", path: "a" },
    { name: "__proto__", text: "x:\n  __proto__: {y: 1}\n", at: "2:3", path: "x.__proto__" },
    { name: "a list as a key", text: "? [k]\n: 1\na: 1\n", at: "1:3", path: "" },
    { name: "an alias as a key", text: "a: &k [1]\n*k : 2\n", at: "2:1", path: "" },
    { name: "a tagged list", text: "a: !set [x]\n", at: "1:9", path: "a" },
    { name: "a merge key", text: "a: &m {b: 1}\nc:\n  <<: *m\n", at: "3:3", path: 'c["<<"]' },
    { name: "an alias of nothing", text: "a: [*b]\n", at: "1:5", path: "a[0]" },
  ];
  for (const { name, text, at, path } of cases) {
    const faults = new FaultList("f", text);
    assert.equal(composeDocument(text, faults).kind, "map", name);
    const [fault] = faults.toArray();
    assert.deepEqual([`${fault?.line}:${fault?.column}`, fault?.path], [at, path], name);
    assert.equal(faults.count, 1, name);
  }
});
