import assert from "node:assert/strict";
import { RecoveryNoticeKind } from "../../../enums/recovery_notice_kind.ts";
import { SlackError } from "../../../orchestration/recovery/slack_error.ts";
import {
  SlackNotifier,
  type SlackNotifierOptions,
} from "../../../orchestration/recovery/slack_notifier.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { aNotice } from "./a_notice.ts";

const WEBHOOK = "https://user:word@hooks.slack.com/services/T000/B000/topsecret?token=hidden";
const HOST = "hooks.slack.com:443";

/** Answers in turn; the last one again and again. */
type Reply = (init: RequestInit) => Response | Promise<Response>;

function setUp(replies: Reply[], options: Partial<SlackNotifierOptions> = {}) {
  const clock = new FakeClock();
  const sent: { url: string; init: RequestInit; atMs: number }[] = [];
  const fetch = async (url: string, init: RequestInit) => {
    sent.push({ url, init, atMs: clock.monotonic() });
    return await replies[Math.min(sent.length, replies.length) - 1]!(init);
  };
  const slack = new SlackNotifier({
    webhook: WEBHOOK,
    clock,
    fetch,
    random: () => 0.5,
    ...options,
  });
  const controller = new AbortController();
  const notify = (notice = aNotice()) => slack.notify(notice, { signal: controller.signal });
  return { clock, sent, slack, notify, controller };
}

const ok: Reply = () => new Response("ok");
const busy = (retryAfter?: string): Reply => () =>
  new Response("rate_limited", {
    status: 429,
    headers: retryAfter === undefined ? {} : { "retry-after": retryAfter },
  });

/** Checks that an error is the right one, and that no part of the secret is in it. */
function slackError(kind: string, status: number | null, reason: string | RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof SlackError);
    assert.deepEqual([error.kind, error.host, error.status], [kind, HOST, status]);
    if (typeof reason === "string") assert.equal(error.reason, reason);
    else assert.match(error.reason, reason);
    const shown = `${Deno.inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
    assert.doesNotMatch(shown, /topsecret|hidden|T000|word@/);
    return true;
  };
}

Deno.test("SlackNotifier posts the message as JSON and follows no redirect", async () => {
  const { sent, notify } = setUp([ok]);
  await notify();
  const [{ url, init }] = [sent[0]!];
  assert.equal(url, WEBHOOK);
  assert.equal(init.method, "POST");
  assert.equal(init.redirect, "manual");
  assert.equal(new Headers(init.headers).get("content-type"), "application/json; charset=utf-8");
  assert.match(JSON.parse(String(init.body)).text, /^\*recovery_action_failed\* It timed out\n/);
});

Deno.test("SlackNotifier tells of what is listed, and of alerts always", async () => {
  const kinds = Object.values(RecoveryNoticeKind);
  const told = (slack: SlackNotifier) => kinds.filter((kind) => slack.tells(kind));
  assert.deepEqual(told(setUp([ok], { events: ["safe_mode_entered"] }).slack), [
    "safe_mode_entered",
    "alert",
  ]);
  const { slack, sent, notify } = setUp([ok]);
  assert.deepEqual(told(slack), [
    "recovery_action_executed",
    "recovery_action_failed",
    "multiple_failures_detected",
    "alert",
  ]);
  for (const kind of kinds) await notify(aNotice({ kind }));
  assert.equal(sent.length, 4);
});

Deno.test("SlackNotifier says what Slack answered, without the secret", async () => {
  const cases: [reply: Reply, status: number, reason: string][] = [
    [
      () => new Response("no_service", { status: 404 }),
      404,
      "answered with status 404 (no_service)",
    ],
    [() => new Response(`see ${WEBHOOK}`, { status: 500 }), 500, "answered with status 500"],
    [() => new Response(null, { status: 503 }), 503, "answered with status 503"],
    [
      () => new Response(null, { status: 302, headers: { location: "https://evil" } }),
      302,
      "answered with status 302",
    ],
  ];
  for (const [reply, status, reason] of cases) {
    const { notify, sent, clock } = setUp([reply]);
    await assert.rejects(notify(), slackError("refused", status, reason));
    assert.equal(sent.length, 1, reason);
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("SlackNotifier says why a request failed, without the secret", async () => {
  const cases: [error: unknown, kind: string, reason: string][] = [
    [
      new TypeError(`error sending request for url (${WEBHOOK}): refused`),
      "unreachable",
      "error sending request for url (the webhook): refused",
    ],
    [new TypeError("bad path /services/T000/B000/topsecret"), "unreachable", "the request failed"],
    [new TypeError("bad token=hidden"), "unreachable", "the request failed"],
    [new Error("reset", { cause: WEBHOOK }), "unreachable", "reset"],
    ["odd", "unreachable", "thrown: odd"],
    [
      new Deno.errors.NotCapable("net"),
      "not_permitted",
      `net permission not granted: --allow-net=${HOST}`,
    ],
  ];
  for (const [error, kind, reason] of cases) {
    const { notify } = setUp([() => Promise.reject(error)]);
    await assert.rejects(notify(), slackError(kind, null, reason));
  }
});

Deno.test("SlackNotifier sends once more after as long as Slack asks it to wait", async () => {
  const cases: [header: string | undefined, waitMs: number][] = [
    ["3", 3_500],
    ["0", 500],
    [undefined, 1_500],
    ["Sat, 21 Nov 2026 13:00:00 GMT", 1_500],
    ["-1", 1_500],
  ];
  for (const [header, waitMs] of cases) {
    const { clock, sent, notify } = setUp([busy(header), ok]);
    const done = notify();
    await clock.advance(waitMs - 1);
    assert.equal(sent.length, 1, header);
    await clock.advance(1);
    await done;
    assert.equal(sent[1]?.atMs, waitMs, header);
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("SlackNotifier gives up when Slack asks to wait again, or for too long", async () => {
  const again = setUp([busy("1")]);
  const reason = "answered with status 429 (rate_limited)";
  const done = assert.rejects(again.notify(), slackError("rate_limited", 429, reason));
  await again.clock.advance(5_000);
  await done;
  assert.equal(again.sent.length, 2);
  const long = setUp([busy("30"), ok]);
  await assert.rejects(long.notify(), slackError("rate_limited", 429, reason));
  assert.equal(long.sent.length, 1);
});

Deno.test("SlackNotifier gives up at its deadline, and ends the request", async () => {
  let signal: AbortSignal | null | undefined;
  const { clock, notify } = setUp([(init) => {
    signal = init.signal;
    return new Promise(() => {});
  }], { timeoutMs: 2_000 });
  const done = assert.rejects(notify(), slackError("timeout", null, "no answer within 2000 ms"));
  await clock.advance(1_999);
  assert.equal(signal?.aborted, false);
  await clock.advance(1);
  await done;
  assert.equal(signal?.aborted, true);
});

Deno.test("SlackNotifier gives up with the caller's reason when the caller does", async () => {
  const { clock, notify, controller, sent } = setUp([() => new Promise(() => {})]);
  const reason = new Error("stopped");
  const done = assert.rejects(notify(), reason);
  await clock.advance(1);
  controller.abort(reason);
  await done;
  assert.equal(clock.sleeperCount, 0);
  await assert.rejects(notify(), reason);
  assert.equal(sent.length, 1);
});

Deno.test("SlackNotifier lets go of the body of an answer, however long it is", async () => {
  for (const status of [200, 500]) {
    let wasCancelled = false;
    const body = new ReadableStream({
      pull: (controller) => controller.enqueue(new TextEncoder().encode("x".repeat(1_000))),
      cancel: () => void (wasCancelled = true),
    });
    const { notify } = setUp([() => new Response(body, { status })]);
    await notify().catch(() => {});
    assert.ok(wasCancelled, String(status));
  }
});

Deno.test("SlackNotifier names the flag when it may not use the net", {
  permissions: "none",
}, async () => {
  const slack = new SlackNotifier({ webhook: WEBHOOK });
  assert.deepEqual(slack.permissions, [{ name: "net", host: HOST }]);
  await assert.rejects(
    slack.notify(aNotice(), { signal: new AbortController().signal }),
    slackError("not_permitted", null, `net permission not granted: --allow-net=${HOST}`),
  );
  assert.deepEqual(setUp([ok]).slack.permissions, []);
});

Deno.test("SlackNotifier shows no secret, also when it refuses its options", () => {
  const { slack } = setUp([ok]);
  assert.doesNotMatch(`${Deno.inspect(slack)} ${JSON.stringify(slack)}`, /topsecret|hidden/);
  for (const webhook of ["topsecret", "ftp://topsecret", ""]) {
    assert.throws(() => setUp([ok], { webhook }), (error) => {
      assert.ok(error instanceof RangeError);
      assert.doesNotMatch(error.message, /topsecret/);
      return /must be an http or https URL/.test(error.message);
    });
  }
  for (const timeoutMs of [99, 600_001, NaN]) {
    assert.throws(() => setUp([ok], { timeoutMs }), /timeoutMs must be a number from 100/);
  }
});

const net = await Deno.permissions.query({ name: "net", host: "127.0.0.1" });
const mayUseNet = net.state === "granted";

Deno.test({
  name: "SlackNotifier reaches a real server, and says when it does not" +
    (mayUseNet ? "" : " (needs --allow-net=127.0.0.1)"),
  ignore: !mayUseNet,
  fn: async () => {
    const texts: string[] = [];
    const server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      async (request) => {
        texts.push((await request.json()).text);
        return texts.length === 1
          ? new Response("ok")
          : new Response("invalid_token", { status: 403 });
      },
    );
    const webhook = `http://127.0.0.1:${server.addr.port}/services/topsecret`;
    const slack = new SlackNotifier({ webhook });
    const { signal } = new AbortController();
    await slack.notify(aNotice(), { signal });
    assert.match(texts[0] ?? "", /It timed out/);
    await assert.rejects(slack.notify(aNotice(), { signal }), /status 403 \(invalid_token\)/);
    await server.shutdown();
    await assert.rejects(slack.notify(aNotice(), { signal }), (error) => {
      assert.ok(error instanceof SlackError);
      assert.equal(error.kind, "unreachable");
      assert.doesNotMatch(Deno.inspect(error), /topsecret/);
      return true;
    });
  },
});
