import assert from "node:assert/strict";
import { httpProbe } from "../../../../config/availability/probes/http_probe.ts";
import { NET, reasonOf, testWith } from "./probe_runs.ts";

Deno.test("httpProbe names the permission for its host", { permissions: "none" }, async () => {
  const cases = [
    ["http://a.org/x", "a.org:80"],
    ["https://a.org", "a.org:443"],
    ["http://127.0.0.1:8000/health", "127.0.0.1:8000"],
    ["http://[::1]:8000", "[::1]:8000"],
  ] as const;
  for (const [url, host] of cases) {
    assert.equal(
      await reasonOf(httpProbe(url)),
      `net permission not granted: --allow-net=${host}`,
    );
  }
});

Deno.test("httpProbe refuses what is not http", () => {
  for (const url of ["", "a.org", "ftp://a.org", "file:///x"]) {
    assert.throws(() => httpProbe(url), { name: "RangeError" }, url);
  }
});

testWith([NET], "httpProbe judges the status, and follows no redirect", async () => {
  let requests = 0;
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, (request) => {
    requests++;
    const status = Number(new URL(request.url).pathname.slice(1));
    const headers = status === 302 ? { location: "/200" } : undefined;
    return new Response("body", { status, ...(headers && { headers }) });
  });
  const base = `http://127.0.0.1:${server.addr.port}`;
  try {
    const cases: readonly [number, readonly number[] | undefined, boolean][] = [
      [200, undefined, true],
      [201, undefined, true],
      [302, undefined, false],
      [404, undefined, false],
      [503, undefined, false],
      [401, [200, 401], true],
      [201, [200, 401], false],
    ];
    for (const [status, statusCodes, good] of cases) {
      const probe = httpProbe(`${base}/${status}?token=secret`, statusCodes && { statusCodes });
      const reason = good ? null : `${base}/${status} answered with status ${status}`;
      assert.equal(await reasonOf(probe), reason);
    }
    assert.equal(requests, cases.length);
  } finally {
    await server.shutdown();
  }
});

testWith([NET], "httpProbe tells no secrets of a server that is not there", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();
  const reason = await reasonOf(httpProbe(`http://me:pass@127.0.0.1:${port}/x?token=secret#part`));
  assert.match(
    reason ?? "",
    new RegExp(`^cannot reach http://127\\.0\\.0\\.1:${port}/x: .*refused`),
  );
  assert.doesNotMatch(reason ?? "", /pass|secret|part/);
});

testWith([NET], "httpProbe stops when its signal aborts", async () => {
  const reason = await reasonOf(httpProbe("http://127.0.0.1:1/x"), AbortSignal.abort());
  assert.match(reason ?? "", /^cannot reach http:\/\/127\.0\.0\.1:1\/x: /);
});
