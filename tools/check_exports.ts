/**
 * Fails when the entry points of `deno.json` and the `mod.ts` files of the rooms are not the same
 * list, when an entry point has no module documentation, when a `mod.ts` does more than name its
 * exports, or when shipped code has a default export or an `export *`.
 *
 * @module
 */

import { conclude, type Finding } from "./finding.ts";
import { readPackageConfig, readShipped } from "./repository.ts";
import { blankNonCode, findInCode, type SourceFile } from "./source_text.ts";

/**
 * Checks the entry points and the form of every export.
 *
 * @param exports The `exports` of `deno.json`.
 * @param files The shipped files.
 * @returns What is wrong.
 */
export function checkExports(
  exports: Readonly<Record<string, string>>,
  files: readonly SourceFile[],
): Finding[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [
    ...Object.entries(exports).flatMap(([subpath, target]) => {
      const file = byPath.get(target.replace(/^\.\//, ""));
      return file === undefined ? [missingEntry(subpath, target)] : checkEntry(subpath, file);
    }),
    ...files.flatMap((file) => isFrontDoor(file.path) ? checkFrontDoor(exports, file) : []),
    ...files.flatMap(checkExportForms),
  ];
}

/** Subpath under which a `mod.ts` is exported: its folder, or `.` at the top. */
function subpathOf(path: string): string {
  return path === "mod.ts" ? "." : `./${path.slice(0, -"/mod.ts".length)}`;
}

function isFrontDoor(path: string): boolean {
  return path === "mod.ts" || path.endsWith("/mod.ts");
}

function missingEntry(subpath: string, target: string): Finding {
  return {
    file: "deno.json",
    problem: `the export "${subpath}" points to ${target}, which is no shipped file`,
    remedy: "Correct the path, or remove the export",
  };
}

function checkEntry(subpath: string, file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  if (isFrontDoor(file.path) && subpathOf(file.path) !== subpath) {
    findings.push({
      file: "deno.json",
      problem: `the export "${subpath}" points to ./${file.path}`,
      remedy: `Export it as "${subpathOf(file.path)}", after its folder`,
    });
  }
  const docBlock = /^(?:#![^\n]*\n)?\s*\/\*\*([\s\S]*?)\*\//.exec(file.text)?.[1] ?? "";
  if (!/^\s*\*\s*@module\b/m.test(docBlock)) {
    findings.push({
      file: file.path,
      line: 1,
      problem: "the entry point does not begin with a doc block that has @module",
      remedy:
        "Say at the top what the module is for, what it does not guarantee, and end with @module",
    });
  }
  return findings;
}

function checkFrontDoor(exports: Readonly<Record<string, string>>, file: SourceFile): Finding[] {
  const findings: Finding[] = [];
  if (!Object.values(exports).includes(`./${file.path}`)) {
    findings.push({
      file: file.path,
      problem: "is not exported, so nobody can import it",
      remedy: `Add "${subpathOf(file.path)}": "./${file.path}" to the exports of deno.json`,
    });
  }
  const rest = blankNonCode(file.text)
    .replace(/\bexport\s+(?:type\s+)?(?:\{[^}]*\}|\*)\s*from\s*"\s*"\s*;/g, blankLines);
  const firstLine = rest.split("\n").findIndex((line) => line.trim() !== "");
  if (firstLine >= 0) {
    findings.push({
      file: file.path,
      line: firstLine + 1,
      problem: "holds something else than a list of exports",
      remedy: 'Move it to a file of its own, and name it here: export { Symbol } from "./file.ts"',
    });
  }
  return findings;
}

function checkExportForms(file: SourceFile): Finding[] {
  const code = blankNonCode(file.text);
  const stars = findInCode(code, /\bexport\s+(?:type\s+)?\*/g).map(({ line }) => ({
    file: file.path,
    line,
    problem: "has an export *",
    remedy: "Name every export, so that the public API is one explicit list",
  }));
  const defaults = findInCode(code, /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/g).map(
    (
      { line },
    ) => ({
      file: file.path,
      line,
      problem: "has a default export",
      remedy: "Export the symbol under its own name",
    }),
  );
  return [...stars, ...defaults];
}

function blankLines(text: string): string {
  return text.replace(/[^\n]/g, " ");
}

if (import.meta.main) {
  const files = await readShipped();
  const { exports } = await readPackageConfig();
  conclude("check_exports", checkExports(exports, files), files.length);
}
