import assert from "node:assert/strict";
import { httpCheck } from "../../../health/checks/http_check.ts";
import { NET, testWith } from "../../config/availability/probes/probe_runs.ts";
import { shortLook } from "./check_runs.ts";

Deno.test("httpCheck is unknown without its permission", { permissions: "none" }, async () => {
  assert.deepEqual(await shortLook(httpCheck("http://127.0.0.1:8000/health")), [
    "UNKNOWN",
    "net permission not granted: --allow-net=127.0.0.1:8000",
  ]);
});

Deno.test("httpCheck refuses what is not http", () => {
  assert.throws(() => httpCheck("ftp://a.org"), { name: "RangeError" });
});

testWith([NET], "httpCheck judges the status", async () => {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    return new Response(null, { status: Number(new URL(request.url).pathname.slice(1)) });
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  try {
    assert.deepEqual(await shortLook(httpCheck(`${base}/204`)), ["HEALTHY", undefined]);
    assert.deepEqual(await shortLook(httpCheck(`${base}/503`)), [
      "FAILED",
      `${base}/503 answered with status 503`,
    ]);
    const strict = httpCheck(`${base}/204`, { statusCodes: [200] });
    assert.equal((await shortLook(strict))[0], "FAILED");
  } finally {
    await server.shutdown();
  }
});
