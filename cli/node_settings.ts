import { formatDuration, parseDuration } from "./parse_duration.ts";
import { parseLabels } from "./parse_labels.ts";
import { parseCount, parsePositive, parseText } from "./parse_values.ts";
import type { Setting, Values } from "./settings.ts";
import {
  CLUSTER,
  INSTANCE_ID,
  LEASE,
  LOG_FORMAT,
  logLevel,
  STORE,
  WAIT,
} from "./shared_settings.ts";

const LABELS: Setting<Readonly<Record<string, string>>> = {
  flags: "--label <key=value>",
  env: "BATON_LABELS",
  about: "what this node says about itself; repeatable, or a=b,c=d",
  fallback: {},
  fallbackText: "none",
  repeatable: true,
  parse: parseLabels,
};

const EXPECTED_MEMBERS: Setting<number | undefined> = {
  flags: "--expected-members <count>",
  env: "BATON_EXPECTED_MEMBERS",
  about: "how many members the cluster should have: the quorum is counted against it",
  fallback: undefined,
  fallbackText: "those that are registered",
  parse: parseCount,
};

const QUORUM_THRESHOLD: Setting<number> = {
  flags: "--quorum-threshold <share>",
  env: "BATON_QUORUM_THRESHOLD",
  about: "share of the members that must vote, up to 1; never less than a strict majority",
  fallback: 0.5,
  parse: parsePositive,
};

const DEFAULT_GRACE_MS = 10_000;

const GRACE: Setting<number> = {
  flags: "--grace <duration>",
  env: "BATON_GRACE",
  about: "how long letting go may take after SIGINT or SIGTERM",
  fallback: DEFAULT_GRACE_MS,
  fallbackText: formatDuration(DEFAULT_GRACE_MS),
  parse: parseDuration,
};

const RECOVERY: Setting<string | undefined> = {
  flags: "--recovery <file>",
  env: "BATON_RECOVERY",
  about: "what to do when something fails, such as recovery_policies.yaml; followed as it changes",
  fallback: undefined,
  fallbackText: "nothing is done",
  parse: parseText,
};

const HEALTH: Setting<string | undefined> = {
  flags: "--health <file>",
  env: "BATON_HEALTH",
  about: "the components that the node's health consists of, such as health.yaml; followed as it " +
    "changes",
  fallback: undefined,
  fallbackText: "the store, memory, load and event loop of this process",
  parse: parseText,
};

/** What a coordinator node can be told. */
export const NODE_SETTINGS = {
  store: STORE,
  cluster: CLUSTER,
  id: INSTANCE_ID,
  leaseMs: LEASE,
  labels: LABELS,
  expectedMembers: EXPECTED_MEMBERS,
  quorumThreshold: QUORUM_THRESHOLD,
  health: HEALTH,
  recovery: RECOVERY,
  wait: WAIT,
  graceMs: GRACE,
  logLevel: logLevel("info"),
  logFormat: LOG_FORMAT,
} as const;

/** What a coordinator node was told. */
export type NodeValues = Values<typeof NODE_SETTINGS>;
