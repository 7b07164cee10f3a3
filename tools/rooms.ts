/**
 * The rooms of the package and the direction of their imports, as data: which room may import from
 * which. A room is a folder at the top, or one of the two files that stand there alone.
 *
 * @module
 */

/** Each room, with the other rooms that its files may import from. */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "clock.ts": [],
  enums: [],
  config: ["clock.ts", "enums"],
  health: ["clock.ts", "enums", "config"],
  coordination: ["clock.ts", "enums", "config", "health"],
  orchestration: ["clock.ts", "enums", "config", "health", "coordination"],
  engines: ["clock.ts", "enums", "config"],
  compliance: ["enums"],
  compat: ["clock.ts", "enums", "config", "health", "coordination", "orchestration", "engines"],
  testing: ["clock.ts", "enums", "coordination"],
  admin: [
    "clock.ts",
    "enums",
    "config",
    "health",
    "coordination",
    "orchestration",
    "engines",
    "compliance",
    "compat",
    "testing",
  ],
  cli: [
    "clock.ts",
    "enums",
    "config",
    "health",
    "coordination",
    "orchestration",
    "engines",
    "compliance",
    "compat",
    "testing",
    "admin",
  ],
  "mod.ts": [
    "clock.ts",
    "enums",
    "config",
    "health",
    "coordination",
    "orchestration",
    "engines",
    "compat",
  ],
};

/** Folders at the top that hold code and are not published. */
export const UNPUBLISHED: readonly string[] = ["tests", "bench", "examples", "docs", "tools"];

/**
 * Says which room a file belongs to.
 *
 * @param path The file's path from the root of the repository.
 * @returns The top folder, or the file itself when it stands at the top.
 */
export function roomOf(path: string): string {
  return path.split("/", 1)[0] ?? path;
}
