import assert from "node:assert/strict";
import { resolve } from "../../tools/check_layers.ts";
import { blankNonCode } from "../../tools/source_text.ts";

const ROOT = new URL("../../", import.meta.url);
const { state } = await Deno.permissions.query({ name: "read", path: ROOT });
const canRead = state === "granted";
const need = canRead ? "" : " (needs --allow-read)";

/** An import or re-export that runs when its file is loaded: neither of types nor in a call. */
const AT_ONCE = /(?<![\w.$])(?:import\s*|(?:import|export)\s(?!\s*type\b)[^;"'()]*?\bfrom\s*)["']/g;

async function importsAtOnce(path: string): Promise<readonly string[]> {
  const source = await Deno.readTextFile(new URL(path, ROOT));
  return [...blankNonCode(source).matchAll(AT_ONCE)].map((found) => {
    const start = found.index + found[0].length;
    return source.slice(start, source.indexOf(found[0].at(-1)!, start));
  });
}

/** @returns The files and packages that importing a file loads. */
async function loadedBy(entry: string): Promise<ReadonlySet<string>> {
  const loaded = new Set([entry]);
  for (const path of loaded) {
    if (!path.endsWith(".ts")) continue;
    for (const specifier of await importsAtOnce(path)) {
      const target = resolve(path, specifier, "@baton/orchestration");
      loaded.add(target.kind === "file" ? target.path : specifier);
    }
  }
  return loaded;
}

for (const entry of ["config/mod.ts", "mod.ts"]) {
  Deno.test(`importing ${entry} loads neither zod nor js-yaml${need}`, {
    ignore: !canRead,
  }, async () => {
    const loaded = await loadedBy(entry);
    assert.ok(loaded.has("config/files/parse_config.ts") && loaded.has("@logtape/logtape"));
    for (const heavy of ["zod", "js-yaml", "config/schemas/recovery_document.ts"]) {
      assert.ok(!loaded.has(heavy), heavy);
    }
  });
}

Deno.test(`what is loaded at first use does load them${need}`, { ignore: !canRead }, async () => {
  assert.ok((await loadedBy("config/files/compose_document.ts")).has("js-yaml"));
  assert.ok((await loadedBy("config/schemas/recovery_document.ts")).has("zod"));
});
