import assert from "node:assert/strict";
import { schema } from "../../cli/schema.ts";
import { READ, testWith } from "../config/availability/probes/probe_runs.ts";
import { fakeIo } from "./fake_io.ts";

Deno.test("schema prints draft-7 for each kind, without any permission", {
  permissions: "none",
}, async () => {
  for (const kind of ["recovery", "policies", "layers", "health"]) {
    const io = fakeIo();
    assert.equal(await schema([kind], io), 0);
    const document = JSON.parse(io.out());
    assert.equal(document.$schema, "http://json-schema.org/draft-07/schema#");
    assert.equal(document.additionalProperties, false);
    assert.ok(document.description.length > 10);
    assert.ok(io.out().includes("\\\\$\\\\{"), "no variables allowed");
  }
});

Deno.test("schema tells of wrong usage", async () => {
  for (const args of [[], ["all"], ["recovery", "--no"], ["recovery", "layers"]]) {
    const io = fakeIo();
    assert.equal(await schema(args, io), 2, args.join(" "));
    assert.match(io.err(), /^baton schema: /);
    assert.equal(io.out(), "");
  }
});

testWith(
  [READ],
  "docs/configuration.md names every key of the recovery and health files",
  async () => {
    const text = await Deno.readTextFile(new URL("../../docs/configuration.md", import.meta.url));
    for (const kind of ["recovery", "policies", "health"]) {
      const io = fakeIo();
      assert.equal(await schema([kind], io), 0);
      const keys = keysOf(JSON.parse(io.out()));
      assert.ok(keys.length > 10, kind);
      for (const key of new Set(keys)) {
        assert.match(text, new RegExp(`\\b${key}\\b`), `${kind}: ${key}`);
      }
    }
  },
);

/** @returns The names of all properties in a JSON Schema. */
function keysOf(schema: unknown): readonly string[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { properties } = schema as { readonly properties?: unknown };
  const own = typeof properties === "object" && properties !== null ? Object.keys(properties) : [];
  return [...own, ...Object.values(schema).flatMap(keysOf)];
}
