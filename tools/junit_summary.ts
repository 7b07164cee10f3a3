/**
 * Prints the counts of a JUnit file as one plain line: `N passed, N failed`, and `, N skipped` when
 * some were. Exits 1 when a test failed, or when none was run.
 *
 * Usage: `junit_summary.ts FILE [EXIT_CODE]`, where EXIT_CODE is that of the test run. A run that
 * failed without a failed test in its file failed outside any test (a file that cannot be loaded),
 * and counts as one failure.
 *
 * @module
 */

import { print, printError } from "./finding.ts";
import { readJunit, type TestCase } from "./junit.ts";

/** What is told about a test run. */
export interface Summary {
  /** The counts, as one line. */
  readonly line: string;
  /** Whether something ran and nothing failed. */
  readonly ok: boolean;
  /** What the counts alone do not explain. */
  readonly notes: readonly string[];
}

/**
 * Sums up a test run.
 *
 * @param cases The test cases of its JUnit file.
 * @param runExitCode The exit code of the run; 0 when it is not known.
 * @returns The line to print, and whether the run was a success.
 */
export function summarise(cases: readonly TestCase[], runExitCode: number = 0): Summary {
  const count = (outcome: TestCase["outcome"]): number =>
    cases.filter((testCase) => testCase.outcome === outcome).length;
  const passed = count("passed");
  const skipped = count("skipped");
  const failedTests = count("failed");
  const failedOutside = runExitCode !== 0 && failedTests === 0 && skipped === 0 ? 1 : 0;
  const failed = failedTests + failedOutside;
  const notes: string[] = [];
  if (failedOutside > 0) {
    notes.push(`The run ended with exit code ${runExitCode} outside any test: see its output`);
  }
  if (passed + failed === 0) notes.push("No test was run");
  const line = `${passed} passed, ${failed} failed` + (skipped > 0 ? `, ${skipped} skipped` : "");
  return { line, ok: failed === 0 && passed > 0, notes };
}

async function main(path: string, runExitCode: number): Promise<void> {
  let cases: TestCase[] = [];
  try {
    cases = readJunit(await Deno.readTextFile(path));
  } catch (error) {
    printError(`${path}: ${error instanceof Error ? error.message : error}. Run the tests first`);
  }
  const summary = summarise(cases, runExitCode);
  for (const note of summary.notes) printError(`${path}: ${note}`);
  print(summary.line);
  if (!summary.ok) Deno.exitCode = 1;
}

if (import.meta.main) {
  const [path, runExitCode = "0"] = Deno.args;
  if (path === undefined || !/^\d+$/.test(runExitCode)) {
    printError("Usage: junit_summary.ts FILE [EXIT_CODE]");
    Deno.exit(2);
  }
  await main(path, Number(runExitCode));
}
