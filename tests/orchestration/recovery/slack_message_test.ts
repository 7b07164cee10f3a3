import assert from "node:assert/strict";
import { slackMessage } from "../../../orchestration/recovery/slack_message.ts";
import { aNotice } from "./a_notice.ts";

Deno.test("slackMessage says what happened, then to what", () => {
  const cases = [
    [
      aNotice(),
      "*recovery_action_failed* It timed out\n" +
      "action: circuit_restart · cause: high_latency · node: node-1",
    ],
    [
      aNotice({ kind: "alert", priority: "high", channel: "ops", action: null, cause: null }),
      "*alert* [high] It timed out\nnode: node-1 · for: ops",
    ],
  ] as const;
  for (const [notice, text] of cases) assert.deepEqual(slackMessage(notice), { text });
});

Deno.test("slackMessage lets nothing in a notice steer Slack", () => {
  const { text } = slackMessage(aNotice({
    text: "<!channel> & <https://evil|here>\n*alert*\u2028x\u0007\ud800",
    action: "<@U1>\r\naction",
    priority: "<high>",
    channel: "a&b",
  }));
  assert.equal(
    text,
    "*recovery_action_failed* [&lt;high&gt;] " +
      "&lt;!channel&gt; &amp; &lt;https://evil|here&gt; *alert* x \ufffd\n" +
      "action: &lt;@U1&gt; action · cause: high_latency · node: node-1 · for: a&amp;b",
  );
});

Deno.test("slackMessage cuts what is long, and never within an escape", () => {
  const { text } = slackMessage(aNotice({ text: "&".repeat(5_000), node: "n".repeat(500) }));
  const [first = "", second = ""] = text.split("\n");
  assert.equal(first, `*recovery_action_failed* ${"&amp;".repeat(1_500)}…`);
  assert.ok(second.endsWith(`node: ${"n".repeat(200)}…`));
});
