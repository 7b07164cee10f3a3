import assert from "node:assert/strict";
import { redactText } from "../../../engines/events/redact_text.ts";

Deno.test("redactText replaces what is obviously a secret", () => {
  const cases: [text: string, shown: string][] = [
    ["bad password=hunter2", "bad password=[REDACTED]"],
    ["password: hunter2", "password: [REDACTED]"],
    ["DB_PASSWORD='hunter2 or so' failed", "DB_PASSWORD=[REDACTED] failed"],
    ["login?user=ann&token=hunter2&n=1", "login?user=ann&token=[REDACTED]&n=1"],
    ['{"apiKey":"hunter2 x","n":1}', '{"apiKey":[REDACTED],"n":1}'],
    ["X-Api-Key: hunter2", "X-Api-Key: [REDACTED]"],
    ["access_token = hunter2", "access_token = [REDACTED]"],
    ["token: sk-hunter2", "token: [REDACTED]"],
    ["Authorization: Bearer hunter2", "Authorization: [REDACTED]"],
    ["sent Bearer hunter2.abc", "sent Bearer [REDACTED]"],
    ["sent basic YW5uOmh1bnRlcjI=hunter2", "sent basic [REDACTED]"],
    ["postgres://ann:hunter2@db:5432/x", "postgres://[REDACTED]@db:5432/x"],
    ["amqp://ann:p@hunter2@mq", "amqp://[REDACTED]@mq"],
    ["https://hunter2@example.com/a", "https://[REDACTED]@example.com/a"],
    ["at http://h/x?secret=hunter2", "at http://h/x?secret=[REDACTED]"],
    [`key="${"hunter2 ".repeat(100)}" is bad`, "key=[REDACTED] is bad"],
    ["password=hunter2\ntoken=hunter2", "password=[REDACTED]\ntoken=[REDACTED]"],
  ];
  for (const [text, shown] of cases) {
    assert.equal(redactText(text), shown);
    assert.equal(redactText(shown), shown);
  }
});

Deno.test("redactText leaves ordinary sentences alone", () => {
  const texts = [
    "",
    "The password is wrong",
    "Your token has expired; sign in again",
    "The key: be patient",
    "Missing key: name",
    "Invalid key: 42",
    "Unexpected token: }",
    `Unexpected token 'x', "xyz" is not valid JSON`,
    "tokens: 1200",
    "monkey=banana, keyboard: dvorak2000",
    "author: Ann42",
    "Bearer of bad news",
    "Basic training starts",
    "ratio 3:4 at 12:30",
    "Mail ann@example.com",
    "see https://example.com/a@b and http://127.0.0.1:8080/x",
    "password=",
  ];
  for (const text of texts) assert.equal(redactText(text), text);
});

Deno.test("redactText leaves out half a word at the end of a long text", () => {
  const text = `${"x ".repeat(2_040)}postgres://ann:hunter2hunter2hunter2@db ${"y ".repeat(9)}`;
  const shown = redactText(text);
  assert.ok(!shown.includes("hunter2"), shown.slice(-40));
  assert.ok(shown.endsWith("x…"));
  assert.equal(redactText("x".repeat(5_000)), "…");
});

Deno.test("redactText takes no longer for texts that nearly match", () => {
  const pieces = [
    "key",
    "key:",
    "a-key ",
    "://",
    "Bearer ",
    "password",
    'key="',
    "key='",
    "key \n",
  ];
  const startMs = performance.now();
  for (const piece of pieces) redactText(piece.repeat(4_096 / piece.length));
  redactText(`Bearer${" ".repeat(4_000)}`);
  redactText(`://${"a".repeat(4_000)}`);
  assert.ok(performance.now() - startMs < 1_000);
});
