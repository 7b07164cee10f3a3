import { z } from "zod";
import { type ConfigSchema, configSchema } from "../files/config_schema.ts";
import { port, seconds, text } from "./common_shapes.ts";
import {
  actionFields,
  commonFields,
  type RecoveryActionSettings,
  type RecoveryCommon,
} from "./recovery_common.ts";
import { COMMON_RULES } from "./recovery_rules.ts";

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
export interface RecoveryDocument extends RecoveryCommon {
  /** The actions. */
  readonly recovery_actions: Readonly<Record<string, RecoveryActionSettings>>;
  /** Where Redis is; null when nothing is said of it. */
  readonly redis: RecoveryRedis | null;
  /** Where other services are; null when nothing is said of them. */
  readonly services: RecoveryServices | null;
}

function action(timeout: number): z.ZodType<RecoveryActionSettings, unknown> {
  return z.strictObject(actionFields(timeout));
}

const redis = z.strictObject({
  host: text().default("localhost").describe("Host of Redis"),
  port: port().default(6379).describe("Port of Redis"),
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
  ...commonFields,
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
  redis: redis.nullable().default(null).describe("Where Redis is"),
  services: services.nullable().default(null).describe("Where other services are"),
}).describe("Basic recovery: thresholds that lead to actions");

/** The schema of {@link RecoveryDocument}, with zod behind it. */
export const schema: ConfigSchema<RecoveryDocument> = configSchema<RecoveryDocument>({
  name: "recovery",
  schema: document,
  rules: COMMON_RULES,
});
