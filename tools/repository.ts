/**
 * Reads the repository for the checks: the shipped files, the tests and `deno.json`. The only part
 * of the checks that touches the disk.
 *
 * @module
 */

import { UNPUBLISHED } from "./rooms.ts";
import type { SourceFile } from "./source_text.ts";

/** What the checks need of `deno.json`. */
export interface PackageConfig {
  /** Name of the package. */
  readonly name: string;
  /** Entry points: subpath to file. */
  readonly exports: Readonly<Record<string, string>>;
  /** The import map: bare name to where it comes from. */
  readonly imports: Readonly<Record<string, string>>;
}

/** Folders that hold neither code nor tests of the package. */
const SKIPPED = new Set(["node_modules", "coverage"]);

/**
 * Reads every TypeScript file that is published: all but the unpublished folders.
 *
 * @returns The files, sorted by path.
 */
export async function readShipped(): Promise<SourceFile[]> {
  return await readFiles(".", new Set(UNPUBLISHED));
}

/**
 * Reads every TypeScript file below `tests/`.
 *
 * @returns The files, sorted by path.
 */
export async function readTests(): Promise<SourceFile[]> {
  return await readFiles("tests", new Set());
}

/**
 * Reads `deno.json`.
 *
 * @returns The parts that the checks look at.
 */
export async function readPackageConfig(): Promise<PackageConfig> {
  const config: Partial<PackageConfig> = JSON.parse(await Deno.readTextFile("deno.json"));
  return { name: config.name ?? "", exports: config.exports ?? {}, imports: config.imports ?? {} };
}

async function readFiles(top: string, unwanted: ReadonlySet<string>): Promise<SourceFile[]> {
  const files: SourceFile[] = [];
  for (const path of await listFiles(top, unwanted)) {
    files.push({ path, text: await Deno.readTextFile(path) });
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function listFiles(folder: string, unwanted: ReadonlySet<string>): Promise<string[]> {
  const paths: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    const path = folder === "." ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".") || SKIPPED.has(entry.name) || unwanted.has(path)) continue;
    if (entry.isDirectory) paths.push(...await listFiles(path, unwanted));
    else if (entry.name.endsWith(".ts")) paths.push(path);
  }
  return paths;
}
