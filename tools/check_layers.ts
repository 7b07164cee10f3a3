/**
 * Fails when an import goes against the room table, when files import each other in a circle, when
 * a file inside the package goes through a `mod.ts`, or when a dependency does not come from npm by
 * way of the import map.
 *
 * @module
 */

import { conclude, type Finding } from "./finding.ts";
import { findCycles } from "./import_cycles.ts";
import { type PackageConfig, readPackageConfig, readShipped } from "./repository.ts";
import { roomOf, ROOMS } from "./rooms.ts";
import { type ImportSite, readImports, type SourceFile } from "./source_text.ts";

/** What an import leads to. */
export type Target =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "inline"; readonly scheme: string }
  | { readonly kind: "self" }
  | { readonly kind: "dependency" };

/**
 * Checks every import of the shipped files.
 *
 * @param files The shipped files.
 * @param config The package's name and import map.
 * @returns What is wrong, in the order of the files, cycles last.
 */
export function checkLayers(files: readonly SourceFile[], config: PackageConfig): Finding[] {
  const findings: Finding[] = checkImportMap(config);
  const graph = new Map<string, string[]>();
  for (const file of files) {
    const room = roomOf(file.path);
    if (ROOMS[room] === undefined) {
      findings.push({
        file: file.path,
        problem: `"${room}" is not a room of the table`,
        remedy: "Move the file into a room, or add the room to tools/rooms.ts",
      });
      continue;
    }
    const imported: string[] = [];
    for (const site of readImports(file.text)) {
      const target = resolve(file.path, site.specifier, config.name);
      if (target.kind === "file") imported.push(target.path);
      const finding = judgeImport(file.path, site, target);
      if (finding !== undefined) findings.push(finding);
    }
    graph.set(file.path, imported);
  }
  return [...findings, ...findCycles(graph).map(describeCycle)];
}

/**
 * Finds out where a specifier leads.
 *
 * @param importer Path of the importing file.
 * @param specifier What it imports.
 * @param packageName The package's own name.
 * @returns The target: a path from the root for relative specifiers, with leading `../` where it
 * leaves the repository.
 */
export function resolve(importer: string, specifier: string, packageName: string): Target {
  const address = /^(jsr|npm|https?|file|data|blob):/.exec(specifier);
  if (address !== null) return { kind: "inline", scheme: address[1] ?? "" };
  if (specifier.startsWith("/")) return { kind: "inline", scheme: "file" };
  if (specifier === packageName || specifier.startsWith(`${packageName}/`)) return { kind: "self" };
  if (!/^\.\.?\//.test(specifier)) return { kind: "dependency" };
  return { kind: "file", path: joinPath(importer.split("/").slice(0, -1), specifier) };
}

function joinPath(folders: readonly string[], relative: string): string {
  const parts = [...folders];
  for (const part of relative.split("/")) {
    if (part === "." || part === "") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}

function judgeImport(importer: string, site: ImportSite, target: Target): Finding | undefined {
  const place = { file: importer, line: site.line };
  switch (target.kind) {
    case "dependency":
      return undefined;
    case "inline":
      return {
        ...place,
        problem: `imports "${site.specifier}" by a ${target.scheme}: address`,
        remedy:
          'Import files by a relative path, and packages by their name in the "imports" of deno.json',
      };
    case "self":
      return {
        ...place,
        problem: `imports the package through its own name, "${site.specifier}"`,
        remedy: "Import the file that defines the symbol, by a relative path",
      };
    case "file":
      return judgeFileImport(importer, site.line, target.path);
    default: {
      const impossible: never = target;
      throw new Error(`Cannot judge the import target ${JSON.stringify(impossible)}`);
    }
  }
}

function judgeFileImport(importer: string, line: number, path: string): Finding | undefined {
  const from = roomOf(importer);
  const to = roomOf(path);
  if (ROOMS[to] === undefined) {
    return {
      file: importer,
      line,
      problem: `imports ${path}, which is not published`,
      remedy: "Move what is needed into a room that this one may import from",
    };
  }
  if (path === "mod.ts" || path.endsWith("/mod.ts")) {
    return {
      file: importer,
      line,
      problem: `imports ${path}, an entry point`,
      remedy: "Import the file that defines the symbol",
    };
  }
  if (from === to || ROOMS[from]?.includes(to)) return undefined;
  const allowed = ROOMS[from]?.join(", ") || "nothing";
  return {
    file: importer,
    line,
    problem: `imports ${path}, but ${from} may import from ${allowed} only`,
    remedy: "Move the symbol down to a room that both may use, or pass it in through an interface",
  };
}

function checkImportMap(config: PackageConfig): Finding[] {
  return Object.entries(config.imports)
    .filter(([, address]) => !address.startsWith("npm:"))
    .map(([name, address]) => ({
      file: "deno.json",
      problem: `the dependency "${name}" comes from ${address}`,
      remedy: "Take it from npm: a package that mixes registries cannot be installed everywhere",
    }));
}

function describeCycle(cycle: readonly string[]): Finding {
  return {
    file: cycle[0] ?? "",
    problem: `imports itself in a circle: ${[...cycle, cycle[0]].join(" -> ")}`,
    remedy: "Move what both sides need into a file of its own that imports neither",
  };
}

if (import.meta.main) {
  const files = await readShipped();
  conclude("check_layers", checkLayers(files, await readPackageConfig()), files.length);
}
