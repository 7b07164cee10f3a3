import assert from "node:assert/strict";
import { FaultClass } from "../../testing/fault_class.ts";

const { state } = await Deno.permissions.query({ name: "read" });
const needs = state === "granted" ? "" : " (needs --allow-read)";
const read = (path: string) => Deno.readTextFile(new URL(`../../${path}`, import.meta.url));

Deno.test({
  name: `the guide has the example that is run, and every class of faults${needs}`,
  ignore: state !== "granted",
  async fn() {
    const guide = await read("docs/simulation.md");
    const [, code] = /```ts\n([\s\S]*?)```/.exec(guide) ?? [];
    const [, doc] = /```ts\n([\s\S]*?)```/.exec(await read("testing/mod.ts")) ?? [];
    assert.ok(code && doc);
    assert.equal(code.trim(), doc.replaceAll(/^ \* ?/gm, "").trim());
    const rows = [...guide.matchAll(/^\| `(\w+)` +\|/gm)].map(([, name]) => name!);
    assert.deepEqual(rows.toSorted(), Object.values(FaultClass).toSorted());
  },
});
