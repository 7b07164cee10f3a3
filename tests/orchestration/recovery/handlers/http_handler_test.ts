import assert from "node:assert/strict";
import { http } from "../../../../config/schemas/recovery_handler_kinds.ts";
import { ActionFailedError } from "../../../../orchestration/recovery/handlers/action_failed_error.ts";
import { httpHandler } from "../../../../orchestration/recovery/handlers/http_handler.ts";
import { systemClock } from "../../../../clock.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { NET, testWith } from "../../../config/availability/probes/probe_runs.ts";
import { contextOf, partsOf } from "./action_fixtures.ts";

const url = "https://hooks.example.org/T0/secret?token=x";

/** @returns A fetch that answers one thing after the other, and what it was asked. */
function scripted(...answers: readonly (Response | Error)[]) {
  const calls: { readonly url: string; readonly init: RequestInit }[] = [];
  const fetch = (url: string, init: RequestInit) => {
    const answer = answers[calls.length]!;
    calls.push({ url, init });
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { calls, fetch };
}

const answer = (status: number, headers = {}) => new Response("body", { status, headers });

Deno.test("httpHandler sends the body, the headers, and what makes a call recognisable", async () => {
  const { calls, fetch } = scripted(answer(200));
  const headers = { authorization: "Bearer x", "Idempotency-Key": "mine" };
  const settings = http.parse({ method: "put", url, headers, body: "{}" });
  const run = httpHandler(settings, () => '{"a":1}', partsOf({ fetch }));
  assert.equal(
    await run(contextOf()),
    "PUT to https://hooks.example.org answered with status 200",
  );
  const { init } = calls[0]!;
  assert.deepEqual([calls[0]!.url, init.method, init.body, init.redirect], [
    url,
    "PUT",
    '{"a":1}',
    "manual",
  ]);
  assert.deepEqual(Object.fromEntries(init.headers as Headers), {
    authorization: "Bearer x",
    "baton-attempt": "2",
    "baton-fence": "7",
    "content-type": "application/json",
    "idempotency-key": "run-1",
  });
});

Deno.test("httpHandler sends no body, type and fence where there are none", async () => {
  const { calls, fetch } = scripted(answer(200));
  const run = httpHandler(http.parse({ url }), () => "never", partsOf({ fetch }));
  await run(contextOf({ fence: null }));
  const headers = calls[0]!.init.headers as Headers;
  assert.deepEqual([calls[0]!.init.body, headers.has("content-type"), headers.has("baton-fence")], [
    null,
    false,
    false,
  ]);
});

Deno.test("httpHandler tries again what may pass, and gives up with the last status", async () => {
  const lost = new TypeError("error sending request");
  const cases = [
    { answers: [answer(503), lost, answer(200)], calls: 3, status: 200 },
    { answers: [answer(429), answer(408), answer(500)], calls: 3, status: 500 },
    { answers: [lost, lost, lost], calls: 3, status: null },
    { answers: [answer(404)], calls: 1, status: 404 },
    { answers: [answer(302)], calls: 1, status: 302 },
    { answers: [new TypeError("a bug")], calls: 1, status: null },
  ];
  for (const { answers, calls: count, status } of cases) {
    const { calls, fetch } = scripted(...answers);
    const clock = new FakeClock();
    const run = httpHandler(http.parse({ url }), () => "", partsOf({ fetch }));
    const result = Promise.resolve(run(contextOf({ clock }))).catch((error) => error);
    await clock.advance(60_000);
    const outcome = await result;
    assert.equal(calls.length, count);
    if (outcome instanceof ActionFailedError) {
      assert.ok(outcome.failure.kind === "http");
      assert.equal(outcome.failure.status, status);
    } else assert.equal(outcome, "POST to https://hooks.example.org answered with status 200");
    assert.doesNotMatch(String(outcome), /secret|token/);
  }
});

Deno.test("httpHandler leaves every body read or given up", async () => {
  const answers = [answer(503), answer(200)];
  const { fetch } = scripted(...answers);
  const clock = new FakeClock();
  const result = httpHandler(http.parse({ url }), () => "", partsOf({ fetch }))(
    contextOf({ clock }),
  );
  await clock.advance(10_000);
  await result;
  for (const { body } of answers) assert.ok((await body!.getReader().read()).done);
});

Deno.test("httpHandler waits as long as the server says, and no longer than it may", async () => {
  const { calls, fetch } = scripted(
    answer(429, { "retry-after": "30" }),
    answer(503, { "retry-after": "99" }),
  );
  const clock = new FakeClock();
  const stop = new AbortController();
  const run = httpHandler(http.parse({ url }), () => "", partsOf({ fetch }));
  const result = Promise.resolve(run(contextOf({ clock, signal: stop.signal })));
  const rejected = assert.rejects(result, /called off/);
  await clock.advance(29_000);
  assert.equal(calls.length, 1);
  await clock.advance(2_000);
  assert.equal(calls.length, 2);
  stop.abort(new Error("called off"));
  await rejected;
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("httpHandler takes the answers that are expected alone", async () => {
  for (const [status, isGood] of [[409, true], [200, false]] as const) {
    const { fetch } = scripted(answer(status));
    const settings = http.parse({ url, expect_status: [409] });
    const result = httpHandler(settings, () => "", partsOf({ fetch }))(contextOf());
    if (isGood) await result;
    else await assert.rejects(Promise.resolve(result), { code: "ACTION_FAILED" });
  }
});

testWith([NET], "httpHandler calls a real server, and again after a 503", async () => {
  const bodies: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    async (request) => {
      bodies.push(await request.text());
      return new Response("x", { status: bodies.length === 1 ? 503 : 200 });
    },
  );
  try {
    const url = `http://127.0.0.1:${server.addr.port}/hook`;
    const settings = http.parse({ url, body: "{}", retry_delay: 0.001 });
    const run = httpHandler(
      settings,
      () => '{"a":1}',
      partsOf({ fetch: (at, init) => fetch(at, init) }),
    );
    assert.match(String(await run(contextOf({ clock: systemClock }))), /status 200$/);
    assert.deepEqual(bodies, ['{"a":1}', '{"a":1}']);
  } finally {
    await server.shutdown();
  }
});
