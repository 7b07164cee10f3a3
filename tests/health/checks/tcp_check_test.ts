import assert from "node:assert/strict";
import { tcpCheck } from "../../../health/checks/tcp_check.ts";
import { NET, testWith } from "../../config/availability/probes/probe_runs.ts";
import { shortLook } from "./check_runs.ts";

Deno.test("tcpCheck is unknown without its permission", { permissions: "none" }, async () => {
  const cases = [
    { options: { port: 5432 }, host: "127.0.0.1:5432" },
    { options: { port: 5432, hostname: "::1" }, host: "[::1]:5432" },
  ];
  for (const { options, host } of cases) {
    assert.deepEqual(await shortLook(tcpCheck(options)), [
      "UNKNOWN",
      `net permission not granted: --allow-net=${host}`,
    ]);
  }
});

testWith([NET], "tcpCheck is well while something listens", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const check = tcpCheck({ port: (listener.addr as Deno.NetAddr).port });
  const accepted = listener.accept();
  assert.equal((await shortLook(check))[0], "HEALTHY");
  (await accepted).close();
  listener.close();
  assert.equal((await shortLook(check))[0], "FAILED");
});
