import assert from "node:assert/strict";
import { blankNonCode, findInCode, readImports } from "../../tools/source_text.ts";

const BLANKED: readonly { name: string; source: string; code: string }[] = [
  { name: "a line comment", source: "a // b\nc", code: "a     \nc" },
  { name: "a block comment over lines", source: "a /* b\nc */ d", code: "a     \n     d" },
  { name: "a string with an escaped quote", source: String.raw`x("a\"b")`, code: 'x("    ")' },
  { name: "a comment mark in a string", source: 'x("//") + y', code: 'x("  ") + y' },
  { name: "a template with code inside", source: "`a${b}c` + d", code: "    b    + d" },
  { name: "a template inside a template", source: "`${`${a}`}` + b", code: "      a     + b" },
  { name: "an object inside a template", source: "`${{ a: 1 }}` + b", code: "   { a: 1 }   + b" },
  { name: "a regular expression with a quote", source: 'x = /["/]/g; y', code: "x =        ; y" },
  { name: "a regular expression after return", source: "return /'/;", code: "return    ;" },
  { name: "a division", source: "a / b / c", code: "a / b / c" },
  { name: "a division after a bracket", source: "(a) / b / c", code: "(a) / b / c" },
  { name: "a division after a template", source: "`` / b / c", code: "   / b / c" },
  { name: "a division after a string", source: '"a" / b / c', code: '" " / b / c' },
  { name: "a string that is never closed", source: '"abc\nd', code: '"   \nd' },
];

for (const { name, source, code } of BLANKED) {
  Deno.test(`blankNonCode keeps code and its place when there is ${name}`, () => {
    assert.equal(blankNonCode(source), code);
  });
}

const IMPORTS: readonly { name: string; source: string; specifiers: readonly string[] }[] = [
  { name: "a named import", source: 'import { a } from "./a.ts";', specifiers: ["./a.ts"] },
  { name: "a default import", source: "import a from './a.ts';", specifiers: ["./a.ts"] },
  { name: "a type import", source: 'import type { A } from "./a.ts";', specifiers: ["./a.ts"] },
  { name: "a side-effect import", source: 'import "./a.ts";', specifiers: ["./a.ts"] },
  { name: "a re-export", source: 'export { a } from "./a.ts";', specifiers: ["./a.ts"] },
  { name: "an export star", source: 'export * from "./a.ts";', specifiers: ["./a.ts"] },
  { name: "a dynamic import", source: 'await import("./a.ts");', specifiers: ["./a.ts"] },
  { name: "an import type", source: 'type A = import("./a.ts").A;', specifiers: ["./a.ts"] },
  { name: "a list over lines", source: 'import {\n  a,\n} from "./a.ts";', specifiers: ["./a.ts"] },
  { name: "an import in a comment", source: '// import "./a.ts";', specifiers: [] },
  { name: "an import in a doc block", source: '/**\n * import "./a.ts";\n */', specifiers: [] },
  { name: "an import in a string", source: "x('import \"./a.ts\"');", specifiers: [] },
  { name: "a call of from", source: 'Array.from("abc"); from("abc");', specifiers: [] },
];

for (const { name, source, specifiers } of IMPORTS) {
  Deno.test(`readImports finds what is imported when there is ${name}`, () => {
    assert.deepEqual(readImports(source).map((site) => site.specifier), specifiers);
  });
}

Deno.test("readImports gives the line of the specifier when the list spans lines", () => {
  const source = 'import {\n  a,\n} from "./a.ts";\nimport "./b.ts";';
  assert.deepEqual(readImports(source).map((site) => site.line), [3, 4]);
});

Deno.test("findInCode gives text and line of every match when there are several", () => {
  assert.deepEqual(findInCode("a\nab\nb", /a\w?/g), [
    { text: "a", line: 1 },
    { text: "ab", line: 2 },
  ]);
});
