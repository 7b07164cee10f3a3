/**
 * What a check found, and how it is told.
 *
 * @module
 */

/** One thing that a check does not accept. */
export interface Finding {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Line, from 1, where one line is to blame. */
  readonly line?: number;
  /** What is wrong. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}

/**
 * Writes a finding as one line of text, in a form that editors turn into a link.
 *
 * @param finding What was found.
 * @returns `file:line: problem. Remedy`, without the line where none is known.
 */
export function formatFinding(finding: Finding): string {
  const place = finding.line === undefined ? finding.file : `${finding.file}:${finding.line}`;
  return `${place}: ${finding.problem}. ${finding.remedy}`;
}

/**
 * Ends a check: prints its findings, or that there are none, and sets the exit code.
 *
 * @param check Name of the check.
 * @param findings What it found.
 * @param filesChecked How many files it looked at; none counts as a failure, because a check that
 * looks at nothing proves nothing.
 */
export function conclude(check: string, findings: readonly Finding[], filesChecked: number): void {
  for (const finding of findings) printError(formatFinding(finding));
  if (filesChecked === 0) printError(`${check}: no file to check. Run it from the repository root`);
  if (findings.length > 0 || filesChecked === 0) {
    printError(`${check}: ${findings.length} problem(s) in ${filesChecked} file(s)`);
    Deno.exitCode = 1;
    return;
  }
  print(`${check}: ${filesChecked} file(s), no problem`);
}

/**
 * Prints a result.
 *
 * @param line One line, for standard output.
 */
export function print(line: string): void {
  // deno-lint-ignore no-console -- a tool's output is its purpose
  console.log(line);
}

/**
 * Prints what went wrong.
 *
 * @param line One line, for standard error.
 */
export function printError(line: string): void {
  // deno-lint-ignore no-console -- a tool's output is its purpose
  console.error(line);
}
