/**
 * Fails when a shipped file is too long to be read in one go. The `mod.ts` files are lists of exports,
 * as long as the API is wide.
 *
 * @module
 */

import { conclude, type Finding } from "./finding.ts";
import { readShipped } from "./repository.ts";
import type { SourceFile } from "./source_text.ts";

/** Lines of a file, comments and blank lines included. */
const LINES_MAX = 300;

/**
 * Finds files that are too long.
 *
 * @param files The shipped files.
 * @returns Every file above the limit.
 */
export function checkSize(files: readonly SourceFile[]): Finding[] {
  return files.filter(({ path }) => !/(^|\/)mod\.ts$/.test(path)).flatMap((file) => {
    const lines = file.text.replace(/\n$/, "").split("\n").length;
    if (lines <= LINES_MAX) return [];
    return [{
      file: file.path,
      problem: `has ${lines} lines, and ${LINES_MAX} is the limit`,
      remedy: "Split it by concept: one idea per file, named after it",
    }];
  });
}

if (import.meta.main) {
  const files = await readShipped();
  conclude("check_size", checkSize(files), files.length);
}
