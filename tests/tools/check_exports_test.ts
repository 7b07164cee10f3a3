import assert from "node:assert/strict";
import { checkExports } from "../../tools/check_exports.ts";
import { entryPoints } from "../../tools/entry_points.ts";
import { formatFinding } from "../../tools/finding.ts";

const DOC = "/**\n * What it is for.\n *\n * @module\n */\n\n";
const EXPORTS = { ".": "./mod.ts", "./enums": "./enums/mod.ts", "./clock": "./clock.ts" };
const FILES: Readonly<Record<string, string>> = {
  "mod.ts":
    `${DOC}export { a, type B } from "./enums/a.ts";\nexport type { C } from "./enums/a.ts";\n`,
  "enums/mod.ts": `${DOC}export { a } from "./a.ts";\n`,
  "enums/a.ts": "export const a = 1;\n",
  "clock.ts": `${DOC}export const clock = {};\n`,
};

function problemsOf(
  changed: Readonly<Record<string, string>>,
  exports: Readonly<Record<string, string>> = EXPORTS,
): string[] {
  const files = Object.entries({ ...FILES, ...changed }).map(([path, text]) => ({ path, text }));
  return checkExports(exports, files).map(formatFinding);
}

Deno.test("checkExports finds nothing when exports and entry points are the same list", () => {
  assert.deepEqual(problemsOf({}), []);
});

Deno.test("checkExports accepts a command when it has no entry point of its own", () => {
  assert.deepEqual(problemsOf({ "cli/coordinator.ts": "await run();\n" }), []);
});

const REFUSED: readonly {
  name: string;
  changed?: Readonly<Record<string, string>>;
  exports?: Readonly<Record<string, string>>;
  says: RegExp;
}[] = [
  {
    name: "an export points to nothing",
    exports: { ...EXPORTS, "./health": "./health/mod.ts" },
    says: /^deno\.json: the export "\.\/health" points to \.\/health\/mod\.ts, which is no shipped/,
  },
  {
    name: "a room's entry point is not exported",
    changed: { "health/mod.ts": DOC },
    says:
      /^health\/mod\.ts: is not exported.* Add "\.\/health": "\.\/health\/mod\.ts" to the exports/,
  },
  {
    name: "a room is exported under another name",
    exports: { ".": "./mod.ts", "./words": "./enums/mod.ts" },
    says: /^deno\.json: the export "\.\/words" points to .* Export it as "\.\/enums"/,
  },
  {
    name: "an entry point has no module tag",
    changed: { "clock.ts": "/** Time. */\nexport const clock = {};\n" },
    says: /^clock\.ts:1: the entry point does not begin with a doc block that has @module/,
  },
  {
    name: "an entry point's module tag stands in a later block",
    changed: { "clock.ts": `const a = 1;\n${DOC}` },
    says: /^clock\.ts:1: the entry point does not begin/,
  },
  {
    name: "an entry point only mentions the module tag",
    changed: { "clock.ts": "/** Has no `@module` tag. */\nexport const clock = {};\n" },
    says: /^clock\.ts:1: the entry point does not begin/,
  },
  {
    name: "a mod.ts holds logic",
    changed: { "enums/mod.ts": `${DOC}export { a } from "./a.ts";\nexport const b = 2;\n` },
    says: /^enums\/mod\.ts:8: holds something else than a list of exports/,
  },
  {
    name: "a mod.ts exports everything",
    changed: { "enums/mod.ts": `${DOC}export * from "./a.ts";\n` },
    says: /^enums\/mod\.ts:7: has an export \*/,
  },
  {
    name: "a file has a default export",
    changed: { "enums/a.ts": "\nexport default 1;\n" },
    says: /^enums\/a\.ts:2: has a default export/,
  },
  {
    name: "a file renames an export to default",
    changed: { "enums/a.ts": "const a = 1;\nexport { a as default };\n" },
    says: /^enums\/a\.ts:2: has a default export/,
  },
];

for (const { name, changed = {}, exports, says } of REFUSED) {
  Deno.test(`checkExports refuses the package when ${name}`, () => {
    const problems = problemsOf(changed, exports);
    assert.equal(problems.length, 1, problems.join("\n"));
    assert.match(problems[0] ?? "", says);
  });
}

Deno.test("entryPoints lists each file once when two exports share it", () => {
  assert.deepEqual(entryPoints({ ".": "./mod.ts", "./all": "./mod.ts", "./a": "./a.ts" }), [
    "./mod.ts",
    "./a.ts",
  ]);
});

Deno.test("entryPoints throws a RangeError when nothing is exported", () => {
  assert.throws(() => entryPoints({}), {
    name: "RangeError",
    message: "Cannot list entry points: deno.json exports none",
  });
});
