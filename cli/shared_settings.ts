import { formatDuration, parseDuration } from "./parse_duration.ts";
import { oneOf, parseSwitch, parseText } from "./parse_values.ts";
import type { Setting } from "./settings.ts";
import { parseStoreTarget, type StoreTarget } from "./store_target.ts";

const DEFAULT_STORE = "./.baton/cluster.db";

/** Where the store is. */
export const STORE: Setting<StoreTarget> = {
  flags: "--kv <path or URL>",
  env: "BATON_KV",
  about: "the store: a file (deno task permits ./.baton only, see the message for others), " +
    "or the URL of a KV Connect server (needs DENO_KV_ACCESS_TOKEN)",
  fallback: parseStoreTarget(DEFAULT_STORE),
  fallbackText: DEFAULT_STORE,
  parse: parseStoreTarget,
};

/** Which cluster in the store. */
export const CLUSTER: Setting<string> = {
  flags: "--cluster <name>",
  env: "BATON_CLUSTER",
  about: "name of the cluster; clusters share a store without noticing each other",
  fallback: "default",
  parse: parseText,
};

/** Under which id this process takes part. */
export const INSTANCE_ID: Setting<string | undefined> = {
  flags: "--id <id>",
  env: "BATON_ID",
  about: "this process's id, unique among those that are alive",
  fallback: undefined,
  fallbackText: "a random one",
  parse: parseText,
};

const DEFAULT_LEASE_MS = 10_000;

/** How long leadership outlives its holder. */
export const LEASE: Setting<number> = {
  flags: "--lease <duration>",
  env: "BATON_LEASE",
  about: "how long a leader may be silent before another takes over, in ms or as 2s, 500ms",
  fallback: DEFAULT_LEASE_MS,
  fallbackText: formatDuration(DEFAULT_LEASE_MS),
  parse: parseDuration,
};

/** Whether to wait for a store that cannot be had. */
export const WAIT: Setting<boolean> = {
  flags: "--wait",
  env: "BATON_WAIT",
  about: "keep trying while the store cannot be reached or opened, instead of exit code 3",
  fallback: false,
  fallbackText: "off",
  parse: parseSwitch,
};

/** Levels of {@link logLevel}, from the most talkative on. */
export const LOG_LEVELS = ["trace", "debug", "info", "warning", "error"] as const;

/** How much is logged. */
export type CliLogLevel = (typeof LOG_LEVELS)[number];

/** @returns The setting of how much is logged, with the default of the command. */
export function logLevel(fallback: CliLogLevel): Setting<CliLogLevel> {
  return {
    flags: "--log-level <level>",
    env: "BATON_LOG_LEVEL",
    about: `${LOG_LEVELS.join(", ")}; from debug on errors come with their stack`,
    fallback,
    parse: oneOf(LOG_LEVELS, { warn: "warning" }),
  };
}

/** How log lines look. */
export type LogFormat = "pretty" | "json";

/** How log lines look. */
export const LOG_FORMAT: Setting<LogFormat> = {
  flags: "--log-format <format>",
  env: "BATON_LOG_FORMAT",
  about: "pretty for people, json for one JSON document a line",
  fallback: "pretty",
  parse: oneOf(["pretty", "json"]),
};
