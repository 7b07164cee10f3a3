import { AVAILABLE, type FeatureProbe, unavailable } from "../feature_probe.ts";
import { messageOf } from "../settle_probe.ts";
import { hostOf } from "./host_of.ts";
import { missingPermission } from "./missing_permission.ts";

/** Options of {@link importProbe}. */
export interface ImportProbeOptions {
  /**
   * Names that the module must export.
   *
   * @default none
   */
  readonly exports?: readonly string[];
  /**
   * Imports the module; then the specifier is a name for messages only. An `import()` with a
   * literal in the caller's own code needs no permission and may be relative.
   *
   * @default `import(specifier)`, after a look at the permission that it needs
   */
  readonly load?: () => Promise<unknown>;
}

/** What an import probe looks for. */
export interface ProbedImport {
  /** What it imports. */
  readonly specifier: string;
  /** What that must export. */
  readonly exports: readonly string[];
}

/** Where Deno loads `jsr:` addresses from. */
const JSR_HOST = "jsr.io:443";

const imports = new WeakMap<FeatureProbe, ProbedImport>();

/**
 * Makes a probe that imports a module and looks for what it must export. Imported code runs, and
 * stays imported: a module that failed once fails the same way until the process ends.
 *
 * Not guaranteed: that nobody is prompted. The permission for the module itself is asked for first,
 * but what the module imports in its turn, or uses while it starts, cannot be known before; where
 * Deno runs on a terminal without `--no-prompt`, it may ask for that.
 *
 * @param specifier What is imported: an absolute address (`file:`, `https:`, `data:`, `blob:`,
 * `npm:`, `jsr:`, `node:`), or any name when `load` is given.
 * @param options Required exports, and how it is imported.
 * @returns The probe.
 * @throws {RangeError} when the specifier is relative or bare, and there is no `load`: it would be
 * looked for beside Baton's own files.
 *
 * @example A module and what must be in it
 * ```ts
 * import { importProbe, OrchestrationConfig } from "@baton/orchestration/config";
 *
 * const probe = importProbe("node:path", { exports: ["join"] });
 * const config = new OrchestrationConfig({ features: [{ name: "paths", about: "paths", probe }] });
 * if (!await config.isAvailable("paths")) throw new Error("it is built in");
 * ```
 */
export function importProbe(specifier: string, options: ImportProbeOptions = {}): FeatureProbe {
  const { load } = options;
  const wanted = Object.freeze([...options.exports ?? []]);
  if (load === undefined && !URL.canParse(specifier)) {
    throw new RangeError(
      `importProbe needs an absolute address or a load function, got "${specifier}"`,
    );
  }
  const probe: FeatureProbe = async () => {
    const missing = load === undefined ? await missingToImport(new URL(specifier)) : null;
    if (missing !== null) return unavailable(`cannot import ${specifier}: ${missing}`);
    try {
      const found = await (load === undefined ? import(specifier) : load());
      const absent = wanted.filter((name) => !hasExport(found, name));
      if (absent.length === 0) return AVAILABLE;
      return unavailable(`${specifier} does not export ${absent.join(", ")}`);
    } catch (error) {
      return unavailable(`cannot import ${specifier}: ${messageOf(error)}`);
    }
  };
  imports.set(probe, Object.freeze({ specifier, exports: wanted }));
  return probe;
}

/** @returns What a probe imports; undefined for a probe that was not made here. */
export function importOf(probe: FeatureProbe): ProbedImport | undefined {
  return imports.get(probe);
}

function missingToImport(url: URL): Promise<string | null> {
  switch (url.protocol) {
    case "file:":
      return missingPermission({ name: "read", path: url });
    case "http:":
    case "https:":
      return missingPermission({ name: "import", host: hostOf(url) });
    case "jsr:":
      return missingPermission({ name: "import", host: JSR_HOST });
    default:
      return Promise.resolve(null);
  }
}

function hasExport(module: unknown, name: string): boolean {
  return typeof module === "object" && module !== null && name in module;
}
