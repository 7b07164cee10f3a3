import assert from "node:assert/strict";
import { tcpProbe } from "../../../../config/availability/probes/tcp_probe.ts";
import { NET, reasonOf, testWith } from "./probe_runs.ts";

Deno.test("tcpProbe names the permission for its address", { permissions: "none" }, async () => {
  const cases = [
    [{ port: 5432 }, "127.0.0.1:5432"],
    [{ port: 1, hostname: "db.example.org" }, "db.example.org:1"],
    [{ port: 1, hostname: "::1" }, "[::1]:1"],
  ] as const;
  for (const [options, address] of cases) {
    assert.equal(
      await reasonOf(tcpProbe(options)),
      `net permission not granted: --allow-net=${address}`,
    );
  }
});

Deno.test("tcpProbe refuses what is no port", () => {
  for (const port of [0, -1, 1.5, 65_536, NaN]) {
    assert.throws(() => tcpProbe({ port }), { name: "RangeError", message: /from 1 to 65535/ });
  }
});

testWith([NET], "tcpProbe connects and hangs up", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = listener.accept();
  assert.equal(await reasonOf(tcpProbe({ port })), null);
  using connection = await accepted;
  assert.equal(await connection.read(new Uint8Array(1)), null);
  listener.close();
  assert.match(
    await reasonOf(tcpProbe({ port })) ?? "",
    new RegExp(`^cannot connect to 127\\.0\\.0\\.1:${port}: Connection refused`),
  );
});

testWith([NET], "tcpProbe stops when its signal aborts", async () => {
  const reason = await reasonOf(tcpProbe({ port: 1 }), AbortSignal.abort(new Error("enough")));
  assert.equal(reason, "cannot connect to 127.0.0.1:1: enough");
});
