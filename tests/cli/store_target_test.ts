import assert from "node:assert/strict";
import { parseStoreTarget, storeLocation } from "../../cli/store_target.ts";

Deno.test("parseStoreTarget tells files from servers", () => {
  const cases = [
    ["./.baton/cluster.db", { kind: "file", path: "./.baton/cluster.db", folder: "./.baton" }],
    ["cluster.db", { kind: "file", path: "cluster.db", folder: "." }],
    ["/var/lib/a.db", { kind: "file", path: "/var/lib/a.db", folder: "/var/lib" }],
    ["http://127.0.0.1:4512", {
      kind: "remote",
      url: "http://127.0.0.1:4512",
      host: "127.0.0.1:4512",
    }],
    ["HTTPS://kv.example.org/x", {
      kind: "remote",
      url: "HTTPS://kv.example.org/x",
      host: "kv.example.org",
    }],
  ] as const;
  for (const [text, target] of cases) {
    assert.deepEqual(parseStoreTarget(text), target);
    assert.equal(storeLocation(parseStoreTarget(text)), text);
  }
});

Deno.test("parseStoreTarget refuses what processes could not share", () => {
  for (const text of ["", "  ", ":memory:", "ftp://x", "redis://localhost", "http://"]) {
    assert.throws(() => parseStoreTarget(text), {
      name: "RangeError",
      message: /^expected a path/,
    });
  }
});
