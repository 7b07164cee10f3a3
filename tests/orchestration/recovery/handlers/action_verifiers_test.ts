import assert from "node:assert/strict";
import { systemClock } from "../../../../clock.ts";
import { verifier } from "../../../../config/schemas/recovery_verifiers.ts";
import type { ActionContext } from "../../../../orchestration/recovery/action_handler.ts";
import type { FilledParts } from "../../../../orchestration/recovery/handlers/action_handler_parts.ts";
import { actionVerifier } from "../../../../orchestration/recovery/handlers/action_verifiers.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";
import { NET, testWith } from "../../../config/availability/probes/probe_runs.ts";
import { contextOf, FakeGroup, partsOf, startOf } from "./action_fixtures.ts";

async function verify(
  settings: unknown,
  parts: Partial<FilledParts>,
  given: Partial<ActionContext> = {},
): Promise<boolean> {
  return await actionVerifier(verifier.parse(settings), partsOf(parts))(contextOf(given));
}

Deno.test("actionVerifier of a component asks whether it is healthy", async () => {
  const components = { api: { status: "healthy" }, db: { status: "DEGRADED" }, odd: 5 };
  const health = { getComprehensiveState: () => Promise.resolve({ components }) };
  assert.equal(await verify({ component: "api" }, { health }), true);
  assert.equal(await verify({ component: "db" }, { health }), false);
  for (const component of ["none", "odd", "toString"]) {
    await assert.rejects(verify({ component }, { health }), {
      code: "ACTION_FAILED",
      failure: { kind: "component", reason: `the health document has no component ${component}` },
    });
  }
  assert.throws(() => actionVerifier({ component: "api" }, partsOf()), TypeError);
});

Deno.test("actionVerifier of a server judges its answer", async () => {
  const url = "http://a.org/health";
  const cases = [
    [200, [], true],
    [503, [], false],
    [503, [503], true],
    [200, [503], false],
  ] as const;
  for (const [status, expect_status, isWell] of cases) {
    const fetch = () => Promise.resolve(new Response("x", { status }));
    assert.equal(await verify({ http: { url, expect_status } }, { fetch }), isWell);
  }
  const fetch = () => Promise.reject(new TypeError("error sending request"));
  assert.equal(await verify({ http: { url } }, { fetch }), false);
});

Deno.test("actionVerifier takes no answer in time for a no, and an abort for none", async () => {
  const fetch: FilledParts["fetch"] = (_url, { signal }) =>
    new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  const clock = new FakeClock();
  const settings = { http: { url: "http://a.org", timeout: 2 } };
  const late = verify(settings, { fetch }, { clock });
  await clock.advance(2_000);
  assert.equal(await late, false);
  const stop = new AbortController();
  const ended = assert.rejects(verify(settings, { fetch }, { signal: stop.signal }), /called off/);
  stop.abort(new Error("called off"));
  await ended;
});

Deno.test("actionVerifier of a port connects, and hangs up", async () => {
  let closed = 0;
  const connect = () => Promise.resolve({ [Symbol.dispose]: () => void closed++ });
  assert.equal(await verify({ tcp: { port: 80 } }, { connect }), true);
  assert.equal(closed, 1);
  const refused = () => Promise.reject(new Deno.errors.ConnectionRefused("no"));
  assert.equal(await verify({ tcp: { port: 80 } }, { connect: refused }), false);
});

Deno.test("actionVerifier of a program judges its exit code", async () => {
  for (const [code, isWell] of [[0, true], [1, false]] as const) {
    const group = new FakeGroup();
    group.end(code);
    const { start, started } = startOf(group);
    const settings = { command: { argv: ["check", "api"], env: ["PATH"] } };
    assert.equal(await verify(settings, { startProcessGroup: start }), isWell);
    assert.deepEqual(started[0]?.argv, ["check", "api"]);
    assert.equal(started[0]?.options.env["PATH"], "/bin");
  }
  const startProcessGroup = () => {
    throw new Deno.errors.NotFound("no such file");
  };
  await assert.rejects(verify({ command: { argv: ["check"] } }, { startProcessGroup }), {
    code: "ACTION_FAILED",
  });
});

testWith([NET], "actionVerifier connects to a real port", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  const connect: FilledParts["connect"] = (options) => Deno.connect(options);
  const accepted = listener.accept().then((connection) => connection.close());
  assert.equal(await verify({ tcp: { port } }, { connect }, { clock: systemClock }), true);
  await accepted;
  listener.close();
  assert.equal(await verify({ tcp: { port } }, { connect }, { clock: systemClock }), false);
});
