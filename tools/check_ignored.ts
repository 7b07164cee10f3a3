/**
 * Fails when a JUnit file has a test that was skipped, or no test at all: for a run that has every
 * permission and must therefore ignore nothing.
 *
 * Usage: `check_ignored.ts FILE`
 *
 * @module
 */

import { conclude, type Finding, printError } from "./finding.ts";
import { readJunit, type TestCase } from "./junit.ts";

/**
 * Finds the tests that did not run.
 *
 * @param cases The test cases of a JUnit file.
 * @returns One finding for each test that was skipped.
 */
export function checkIgnored(cases: readonly TestCase[]): Finding[] {
  return cases.filter((testCase) => testCase.outcome === "skipped").map((testCase) => ({
    file: testCase.place,
    problem: `the test "${testCase.name}" was ignored`,
    remedy: "Grant what it needs in the test task of deno.json, or remove what switches it off",
  }));
}

if (import.meta.main) {
  const [path] = Deno.args;
  if (path === undefined) {
    printError("Usage: check_ignored.ts FILE");
    Deno.exit(2);
  }
  const cases = readJunit(await Deno.readTextFile(path));
  conclude("check_ignored", checkIgnored(cases), new Set(cases.map(fileOf)).size);
}

function fileOf(testCase: TestCase): string {
  return testCase.place.replace(/:\d+$/, "");
}
