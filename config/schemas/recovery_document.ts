import { z } from "zod";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import { seconds, text } from "./common_shapes.ts";
import { cooldownsOfKnownActions } from "./recovery_rules.ts";
import {
  actionTimeout,
  advanced,
  logging,
  pollInterval,
  type RecoveryAdvanced,
  type RecoveryLogging,
  type RecoveryThresholds,
  thresholds,
} from "./recovery_sections.ts";

/** One action of {@link RecoveryDocument}. */
export interface RecoveryActionSettings {
  /** Whether it may run. Default true. */
  readonly enabled: boolean;
  /** How long it may take, in seconds. Default 30; cache_purge 60, safe_mode 10. */
  readonly timeout: number;
}

/** Where Redis is, for actions that need it. */
export interface RecoveryRedis {
  /** Its host. Default "localhost". */
  readonly host: string;
  /** Its port. Default 6379. */
  readonly port: number;
  /** Its password; "" for none. Default "". */
  readonly password: string;
  /** Which of its databases. Default 0. */
  readonly db: number;
  /** All of that as an address; "" where the others say it. Default "". */
  readonly url: string;
}

/** Where other services are. */
export interface RecoveryServices {
  /** Where measurements go; "" for nowhere. Default "". */
  readonly monitoring_endpoint: string;
  /** Where alerts go; "" for nowhere. Default "". */
  readonly alert_webhook: string;
  /** What to ask about health; "" for nothing. Default "". */
  readonly health_check_url: string;
}

/** What `recovery.yaml` says: basic recovery, driven by thresholds. */
export interface RecoveryDocument {
  /** Whether recovery runs. Default true. */
  readonly enabled: boolean;
  /** How often health is looked at, in seconds, from 0.1 to 86,400. Default 30. */
  readonly poll_interval: number;
  /** When to act. */
  readonly thresholds: RecoveryThresholds;
  /** How long an action rests after it ran, in seconds, by action. */
  readonly cooldowns: Readonly<Record<string, number>>;
  /** The actions. */
  readonly recovery_actions: Readonly<Record<string, RecoveryActionSettings>>;
  /** Who is told, and how it is logged. */
  readonly logging: RecoveryLogging;
  /** Limits and habits. */
  readonly advanced: RecoveryAdvanced;
  /** Where Redis is; null when nothing is said of it. */
  readonly redis: RecoveryRedis | null;
  /** Where other services are; null when nothing is said of them. */
  readonly services: RecoveryServices | null;
}

function action(timeout: number): z.ZodType<RecoveryActionSettings, unknown> {
  return z.strictObject({
    enabled: z.boolean().default(true).describe("Whether the action may run"),
    timeout: actionTimeout(timeout),
  });
}

const redis = z.strictObject({
  host: text().default("localhost").describe("Host of Redis"),
  port: z.int().min(1).max(65_535).default(6379).describe("Port of Redis"),
  password: text().default("").describe("Password of Redis; better from a variable"),
  db: z.int().min(0).max(1_000_000).default(0).describe("Which database of Redis"),
  url: text().default("").describe("All of that as an address"),
});

const services = z.strictObject({
  monitoring_endpoint: text().default("").describe("Where measurements go"),
  alert_webhook: text().default("").describe("Where alerts go"),
  health_check_url: text().default("").describe("What to ask about health"),
});

const document = z.strictObject({
  enabled: z.boolean().default(true).describe("Whether recovery runs"),
  poll_interval: pollInterval,
  thresholds: thresholds.prefault({}).describe("When to act"),
  cooldowns: z.object({
    circuit_restart: seconds().default(300),
    cache_purge: seconds().default(600),
    safe_mode: seconds().default(300),
  }).catchall(seconds()).prefault({}).describe("How long an action rests, in seconds, by action"),
  recovery_actions: z.object({
    circuit_restart: action(30).prefault({}),
    cache_purge: action(60).prefault({}),
    safe_mode: action(10).prefault({}),
  }).catchall(action(30)).prefault({}).describe("The actions"),
  logging: logging.prefault({}).describe("Who is told, and how it is logged"),
  advanced: advanced.prefault({}).describe("Limits and habits"),
  redis: redis.nullable().default(null).describe("Where Redis is"),
  services: services.nullable().default(null).describe("Where other services are"),
}).describe("Basic recovery: thresholds that lead to actions");

/** The schema of {@link RecoveryDocument}, with zod behind it. */
export const schema: ConfigSchema<RecoveryDocument> = configSchema<RecoveryDocument>({
  name: "recovery",
  schema: document,
  rules: [cooldownsOfKnownActions],
});
