/**
 * Prints the files behind the `exports` of `deno.json`, one a line, for commands that want the list.
 *
 * @module
 */

import { print } from "./finding.ts";
import { readPackageConfig } from "./repository.ts";

/**
 * Lists the entry points of the package.
 *
 * @param exports The `exports` of `deno.json`.
 * @returns Each file once, in the order of the exports.
 * @throws {RangeError} when there is none: a command without files would check something else.
 */
export function entryPoints(exports: Readonly<Record<string, string>>): string[] {
  const files = [...new Set(Object.values(exports))];
  if (files.length === 0) throw new RangeError("Cannot list entry points: deno.json exports none");
  return files;
}

if (import.meta.main) {
  for (const file of entryPoints((await readPackageConfig()).exports)) print(file);
}
