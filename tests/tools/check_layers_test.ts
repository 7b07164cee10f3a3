import assert from "node:assert/strict";
import { checkLayers, resolve } from "../../tools/check_layers.ts";
import { formatFinding } from "../../tools/finding.ts";
import { ROOMS } from "../../tools/rooms.ts";

const CONFIG = {
  name: "@baton/orchestration",
  exports: {},
  imports: { commander: "npm:commander@^15" },
};

function problemsOf(files: Readonly<Record<string, string>>): string[] {
  const sources = Object.entries(files).map(([path, text]) => ({ path, text }));
  return checkLayers(sources, CONFIG).map(formatFinding);
}

const ACCEPTED: readonly { name: string; path: string; text: string }[] = [
  { name: "a room imports its own file", path: "enums/a.ts", text: 'import "./b.ts";' },
  { name: "a room imports one below", path: "health/a.ts", text: 'import "../enums/b.ts";' },
  { name: "a room imports the clock", path: "config/a.ts", text: 'import "../clock.ts";' },
  {
    name: "testing imports coordination",
    path: "testing/a.ts",
    text: 'import "../coordination/b.ts";',
  },
  { name: "cli imports admin", path: "cli/a.ts", text: 'import "../admin/b.ts";' },
  {
    name: "mod.ts lists a file of a room",
    path: "mod.ts",
    text: 'export { a } from "./health/b.ts";',
  },
  { name: "a file imports a named dependency", path: "cli/a.ts", text: 'import "commander";' },
  { name: "a file imports a Node module", path: "cli/a.ts", text: 'import "node:path";' },
  { name: "the import stands in an example", path: "enums/a.ts", text: '/** import "jsr:@x/y" */' },
];

for (const { name, path, text } of ACCEPTED) {
  Deno.test(`checkLayers accepts an import when ${name}`, () => {
    assert.deepEqual(problemsOf({ [path]: text }), []);
  });
}

const REFUSED: readonly { name: string; path: string; text: string; says: RegExp }[] = [
  {
    name: "a room imports one above",
    path: "enums/a.ts",
    text: '\nimport "../health/b.ts";',
    says: /^enums\/a\.ts:2: imports health\/b\.ts, but enums may import from nothing only\. Move/,
  },
  {
    name: "only a type comes from above",
    path: "health/a.ts",
    text: 'import type { B } from "../coordination/b.ts";',
    says:
      /^health\/a\.ts:1: imports coordination\/b\.ts, but health may import from clock\.ts, enums/,
  },
  {
    name: "it is dynamic and goes above",
    path: "config/a.ts",
    text: 'await import("../health/b.ts");',
    says: /imports health\/b\.ts/,
  },
  {
    name: "a file goes through the entry point of a room",
    path: "health/a.ts",
    text: 'import "../enums/mod.ts";',
    says: /imports enums\/mod\.ts, an entry point\. Import the file that defines/,
  },
  {
    name: "a file goes through the entry point of its own room",
    path: "health/a.ts",
    text: 'import "./mod.ts";',
    says: /imports health\/mod\.ts, an entry point/,
  },
  {
    name: "the root entry point goes through that of a room",
    path: "mod.ts",
    text: 'export { a } from "./enums/mod.ts";',
    says: /imports enums\/mod\.ts, an entry point/,
  },
  {
    name: "mod.ts reaches for the commands",
    path: "mod.ts",
    text: 'export { a } from "./cli/a.ts";',
    says: /imports cli\/a\.ts, but mod\.ts may import from/,
  },
  {
    name: "a file imports the package by its name",
    path: "cli/a.ts",
    text: 'import "@baton/orchestration/enums";',
    says: /imports the package through its own name, "@baton\/orchestration\/enums"/,
  },
  {
    name: "a file leaves the published tree",
    path: "health/a.ts",
    text: 'import "../tests/support/b.ts";',
    says: /imports tests\/support\/b\.ts, which is not published/,
  },
  {
    name: "a file leaves the repository",
    path: "health/a.ts",
    text: 'import "../../b.ts";',
    says: /imports \.\.\/b\.ts, which is not published/,
  },
  ...["jsr:@std/async", "npm:zod", "https://example.com/a.ts", "http://example.com/a.ts", "/a.ts"]
    .map((specifier) => ({
      name: `the specifier is ${specifier}`,
      path: "health/a.ts",
      text: `import "${specifier}";`,
      says: /^health\/a\.ts:1: imports ".*" by an? \w+: address\. Import files by a relative path/,
    })),
];

for (const { name, path, text, says } of REFUSED) {
  Deno.test(`checkLayers refuses an import when ${name}`, () => {
    const problems = problemsOf({ [path]: text });
    assert.equal(problems.length, 1);
    assert.match(problems[0] ?? "", says);
  });
}

Deno.test("checkLayers refuses a file when its folder is no room", () => {
  assert.deepEqual(problemsOf({ "misc/a.ts": "" }), [
    'misc/a.ts: "misc" is not a room of the table. Move the file into a room, or add the room to tools/rooms.ts',
  ]);
});

Deno.test("checkLayers reports the way round when files import each other", () => {
  const problems = problemsOf({
    "enums/a.ts": 'import type { B } from "./b.ts";',
    "enums/b.ts": 'import { c } from "./c.ts";',
    "enums/c.ts": 'import { a } from "./a.ts";',
  });
  assert.equal(problems.length, 1);
  assert.match(
    problems[0] ?? "",
    /circle: enums\/a\.ts -> enums\/b\.ts -> enums\/c\.ts -> enums\/a\.ts/,
  );
});

Deno.test("checkLayers refuses a dependency when it does not come from npm", () => {
  const config = { ...CONFIG, imports: { "@std/async": "jsr:@std/async@^1" } };
  const problems = checkLayers([], config).map(formatFinding);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? "", /^deno\.json: the dependency "@std\/async" comes from jsr:/);
});

Deno.test("resolve gives a path from the root when the specifier climbs", () => {
  assert.deepEqual(resolve("orchestration/recovery/a.ts", "../../enums/./b.ts", "x"), {
    kind: "file",
    path: "enums/b.ts",
  });
});

Deno.test("ROOMS names only rooms, and none that may import back, when it is a proper table", () => {
  for (const [room, allowed] of Object.entries(ROOMS)) {
    for (const other of allowed) {
      assert.ok(ROOMS[other] !== undefined, `${room} may import from ${other}, which is no room`);
      assert.ok(!ROOMS[other].includes(room), `${room} and ${other} may import from each other`);
    }
  }
});
