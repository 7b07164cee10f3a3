import assert from "node:assert/strict";
import { NODE_SETTINGS, type NodeValues } from "../../cli/node_settings.ts";
import { serveNode } from "../../cli/serve_node.ts";
import { readSettings } from "../../cli/settings.ts";
import { fakeIo } from "./fake_io.ts";

function defaults(): NodeValues {
  return readSettings(NODE_SETTINGS, { flag: () => undefined, env: () => undefined });
}

Deno.test("serveNode rejects when the store cannot be had, and says nothing before", {
  permissions: "none",
}, async () => {
  const io = fakeIo();
  await assert.rejects(serveNode(defaults(), io, new AbortController().signal), {
    name: "CliError",
    code: "PERMISSION_MISSING",
    exitCode: 3,
  });
  assert.equal(io.err(), "");
});
