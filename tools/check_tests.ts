/**
 * Fails when a shipped file with code of its own has no test in the same place below `tests/`, when
 * a test mirrors a file that does not exist, or when a test is focused or ignored for good.
 *
 * @module
 */

import { conclude, type Finding } from "./finding.ts";
import { readShipped, readTests } from "./repository.ts";
import { blankNonCode, findInCode, type SourceFile } from "./source_text.ts";

/** Folders below `tests/` whose files mirror nothing. */
const FREE_FOLDERS = new Set(["contract", "properties", "e2e", "simulation", "support", "tools"]);

/** The one test of all closed sets. */
const ENUMS_TEST = "tests/enums/mod_test.ts";

/** What a file asks of the tests. */
export type TestNeed = "own test" | "enums test" | "none";

/**
 * Checks that tests mirror the shipped files, and that none of them is switched off.
 *
 * @param shipped The shipped files.
 * @param tests Every file below `tests/`.
 * @returns What is wrong.
 */
export function checkTests(
  shipped: readonly SourceFile[],
  tests: readonly SourceFile[],
): Finding[] {
  const testPaths = new Set(tests.map((file) => file.path));
  const mirrored = new Set(shipped.map((file) => testPathOf(file.path)));
  const untested = shipped.filter((file) => {
    const need = testNeedOf(file);
    if (need === "none") return false;
    return !testPaths.has(need === "own test" ? testPathOf(file.path) : ENUMS_TEST);
  });
  const orphaned = tests.filter((file) => isMirror(file.path) && !mirrored.has(file.path));
  return [
    ...untested.map((file) => missingTest(file)),
    ...orphaned.map((file) => orphanedTest(file.path)),
    ...tests.flatMap(checkSwitchedOff),
  ];
}

/**
 * Says which test a shipped file needs, by what it holds.
 *
 * @param file A shipped file.
 * @returns `none` for entry points and for files without code that runs, `enums test` for closed
 * sets, `own test` for everything else.
 */
export function testNeedOf(file: SourceFile): TestNeed {
  if (/(?:^|\/)mod\.ts$/.test(file.path)) return "none";
  const statements = topLevelOf(blankNonCode(file.text));
  if (!hasRuntimeCode(statements)) return "none";
  if (!file.path.startsWith("enums/")) return "own test";
  const withoutSets = statements.replace(
    /\bexport\s+const\s+\w+\s*=\s*\{\s*\}\s*as\s+const\b/g,
    "",
  );
  return hasRuntimeCode(withoutSets) ? "own test" : "enums test";
}

/** The place of a file's test. */
function testPathOf(path: string): string {
  return `tests/${path.replace(/\.ts$/, "_test.ts")}`;
}

/** Blanks what stands inside brackets, and every import and export list. */
function topLevelOf(code: string): string {
  let depth = 0;
  let top = "";
  for (const sign of code) {
    if (")]}".includes(sign)) depth--;
    top += depth === 0 || sign === "\n" ? sign : " ";
    if ("([{".includes(sign)) depth++;
  }
  return top.replace(/\b(?:import|export)\s+(?:type\s+)?[^"'();=]*\bfrom\s*["'][^"']*["']/g, "");
}

function hasRuntimeCode(topLevel: string): boolean {
  const word = /\b(?:function|class|const|let|var|enum|if|for|while|switch|try|throw|await)\b/;
  const call = /^[\w.]+\s*\(/m;
  return word.test(topLevel) || call.test(topLevel);
}

function isMirror(path: string): boolean {
  const folder = path.split("/")[1] ?? "";
  return path.endsWith("_test.ts") && !FREE_FOLDERS.has(folder);
}

function missingTest(file: SourceFile): Finding {
  const wanted = testNeedOf(file) === "own test" ? testPathOf(file.path) : ENUMS_TEST;
  return {
    file: file.path,
    problem: `has no test: ${wanted} does not exist`,
    remedy: "Write it there, under the name of the file it tests",
  };
}

function orphanedTest(path: string): Finding {
  const wanted = path.replace(/^tests\//, "").replace(/_test\.ts$/, ".ts");
  return {
    file: path,
    problem: `mirrors ${wanted}, which does not exist`,
    remedy: "Rename it after the file it tests, or move it to a free folder such as tests/contract",
  };
}

function checkSwitchedOff(file: SourceFile): Finding[] {
  const code = blankNonCode(file.text);
  const switches =
    /\b(?:Deno\.test|Deno\.bench|describe|it|test)\.(?:only|ignore|skip|todo)\b|\b(?:only|ignore|skip)\s*:\s*true\b/g;
  return findInCode(code, switches).map(({ text, line }) => ({
    file: file.path,
    line,
    problem: `has "${text}", which keeps tests from running`,
    remedy: "Remove it; ignore a test only for a permission that is missing, and name that in it",
  }));
}

if (import.meta.main) {
  const shipped = await readShipped();
  conclude("check_tests", checkTests(shipped, await readTests()), shipped.length);
}
