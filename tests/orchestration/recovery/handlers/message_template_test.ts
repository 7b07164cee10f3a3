import assert from "node:assert/strict";
import type { ActionContext } from "../../../../orchestration/recovery/action_handler.ts";
import {
  readTemplate,
  type TemplateEncoding,
} from "../../../../orchestration/recovery/handlers/message_template.ts";
import { contextOf } from "./action_fixtures.ts";

function render(text: string, encoding: TemplateEncoding, given: Partial<ActionContext> = {}) {
  const read = readTemplate(text, encoding);
  assert.ok(read.kind === "template", read.kind === "fault" ? read.message : "");
  return read.render(contextOf(given));
}

Deno.test("readTemplate fills in values as their place wants them", () => {
  const params = { text: 'a"b\\c\nd', list: [1, "x"], none: null };
  const cases: readonly (readonly [string, TemplateEncoding, string])[] = [
    ["{{ action }}: {{reason}}", "line", "restart_api: it is down"],
    ["{{params.text}}", "line", 'a"b\\c d'],
    ["{{params.text}}", "text", 'a"b\\c\nd'],
    ["a={{params.text}}&b={{severity}}", "form", "a=a%22b%5Cc%0Ad&b=0.9"],
    ["{{params.none}}|{{params.absent}}", "line", "|"],
    ["{{params.list}}", "line", '[1,"x"]'],
    ['{"a":"{{params.text}}"}', "json", '{"a":"a\\"b\\\\c\\nd"}'],
    ['{"a":{{params.text}}}', "json", '{"a":"a\\"b\\\\c\\nd"}'],
    [
      '{"a":{{severity}},"b":{{params.list}},"c":{{params.absent}}}',
      "json",
      '{"a":0.9,"b":[1,"x"],"c":null}',
    ],
    ['{"q":"\\"{{reason}}\\"","n":{{attempt}}}', "json", '{"q":"\\"it is down\\"","n":2}'],
    ["no placeholder, {one} }}", "line", "no placeholder, {one} }}"],
  ];
  for (const [text, encoding, filled] of cases) {
    assert.equal(render(text, encoding, { params }), filled, text);
  }
});

Deno.test("readTemplate lets no value break out of its place", () => {
  const reason = '","admin":true,"x":"\u2028{{action}}';
  const json = JSON.parse(render('{"a":"{{reason}}","b":{{reason}}}', "json", { reason }));
  assert.deepEqual(json, { a: reason, b: reason });
  assert.equal(render("{{reason}}", "line", { reason: "a\r\nb\u001b[2J" }), "a b\ufffd[2J");
  assert.equal(render("a={{reason}}", "form", { reason: "1&b=\ud800" }), "a=1%26b%3D%EF%BF%BD");
});

Deno.test("readTemplate cuts values that are too long", () => {
  const params = { text: "x".repeat(5_000), list: Array(5_000).fill(1) };
  assert.equal(render("{{params.text}}", "line", { params }).length, 2_001);
  const json = JSON.parse(render('{"a":{{params.list}},"b":{{params.text}}}', "json", { params }));
  assert.deepEqual([json.a.length, json.b.length], [2_001, 2_001]);
});

Deno.test("readTemplate says what is wrong, and nothing of the text", () => {
  const cases: readonly (readonly [string, TemplateEncoding, string])[] = [
    ["why: {{secret}}", "line", "an unknown placeholder at offset 5"],
    ["{{action}} {{", "line", "a placeholder without an end at offset 11"],
    ["{{reason {{action}}", "line", "a placeholder without an end at offset 0"],
    ["{{}}", "line", "an unknown placeholder at offset 0"],
    ['{"a":}', "json", "not JSON"],
    ["{{reason}} down", "json", "not JSON"],
    ['{ {{reason}}: "down" }', "json", "not JSON"],
  ];
  for (const [text, encoding, message] of cases) {
    const read = readTemplate(text, encoding);
    assert.equal(read.kind === "fault" ? read.message : "", message, text);
  }
});
