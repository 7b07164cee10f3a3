import { z } from "zod";
import { FallbackMode } from "../../enums/fallback_mode.ts";
import { LogLevel } from "../../enums/log_level.ts";
import {
  httpAddress,
  longText,
  name,
  seconds,
  text,
  timeLimit,
  whole,
  wordOf,
} from "./common_shapes.ts";
import {
  argv,
  expectedStatus,
  passedVariables,
  variableName,
  workingDirectory,
} from "./recovery_verifiers.ts";

/** An action that runs a program. */
export interface ExecSettings {
  /** The program and its arguments; there is no shell. */
  readonly argv: readonly string[];
  /** The folder in which it runs; null for this process's own. Default null. */
  readonly cwd: string | null;
  /**
   * Names of the variables of this process that the program gets. To name one here is what permits
   * reading it; it needs the env permission too. Default none.
   */
  readonly env: readonly string[];
  /** Variables that the program gets besides. Default none. */
  readonly set_env: Readonly<Record<string, string>>;
  /** How long what runs has between SIGTERM and SIGKILL, in seconds, at most 8. Default 5. */
  readonly grace: number;
  /** How many of the last bytes of stdout, and of stderr, are kept. Default 4,096. */
  readonly max_output: number;
}

/** An action that calls a URL. */
export interface HttpSettings {
  /** The method, in any letter case. Default "POST". */
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE" | "OPTIONS";
  /** What is called. */
  readonly url: string;
  /** Headers that are sent. Default none, and `content-type: application/json` with a body. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent: a text with placeholders such as `{{reason}}`; null for nothing. Default null. */
  readonly body: string | null;
  /** Which answers are good ones; empty for 200 to 299. Default empty. */
  readonly expect_status: readonly number[];
  /** How often it is tried again within one attempt. Default 2. */
  readonly retries: number;
  /** From which delay on, in seconds; it doubles. Default 0.5. */
  readonly retry_delay: number;
}

/** An action that changes the fallback mode of the node. */
export interface FallbackSettings {
  /** The mode, in any letter case. */
  readonly mode: FallbackMode;
  /** For how long it is held, in seconds; null for until it is released. Default null. */
  readonly hold: number | null;
}

/** An action that opens or closes a circuit breaker. */
export interface BreakerSettings {
  /** The name under which the program gave the breaker. */
  readonly name: string;
  /** What is done to it, in any letter case. */
  readonly do: "open" | "close";
  /** For how long it is held open, in seconds; null for until it is closed. Default null. */
  readonly hold: number | null;
}

/** An action that writes to the log. */
export interface LogSettings {
  /** How important it is. Default INFO. */
  readonly level: LogLevel;
  /** What is written, with placeholders such as `{{reason}}`. Default "{{action}}: {{reason}}". */
  readonly message: string;
}

/** An action that tells people. */
export interface NotifySettings {
  /** For whom, such as "operations"; null for nobody in particular. Default null. */
  readonly channel: string | null;
  /** How pressing it is, such as "high"; null for as ever. Default null. */
  readonly priority: string | null;
  /** What is told, with placeholders such as `{{reason}}`. Default "{{action}}: {{reason}}". */
  readonly message: string;
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const OUTPUT_MAX = 16_384;
/** An attempt that is given up has ten seconds to end before another may begin. */
const GRACE_MAX_SECONDS = 8;

const message = longText().min(1).default("{{action}}: {{reason}}").describe(
  "A text with placeholders, such as {{reason}}",
);

const hold = timeLimit().nullable().default(null).describe("For how long, in seconds");

/** The shape of {@link ExecSettings}. */
export const exec: z.ZodType<ExecSettings, unknown> = z.strictObject({
  argv: argv(),
  cwd: workingDirectory,
  env: passedVariables,
  set_env: z.record(variableName(), longText()).default({}).describe(
    "Variables that it gets besides",
  ),
  grace: seconds().max(GRACE_MAX_SECONDS).default(5).describe(
    "From SIGTERM to SIGKILL, in seconds, at most 8",
  ),
  max_output: whole(0, OUTPUT_MAX).default(4_096).describe("How many bytes of output are kept"),
});

/** The shape of {@link HttpSettings}. */
export const http: z.ZodType<HttpSettings, unknown> = z.strictObject({
  method: wordOf(METHODS).default("POST").describe(`The method: ${METHODS.join(", ")}`),
  url: httpAddress().describe("What is called"),
  headers: z.record(
    z.string().max(100).regex(HEADER_NAME, "the name of a header"),
    text().regex(HEADER_VALUE, "a text without control characters"),
  ).default({}).describe("Headers that are sent"),
  body: longText().nullable().default(null).describe("What is sent, with placeholders"),
  expect_status: expectedStatus,
  retries: whole(0, 10).default(2).describe("How often it is tried again"),
  retry_delay: seconds().max(3_600).default(0.5).describe("From which delay on, in seconds"),
}).refine(({ method, body }) => body === null || !["GET", "HEAD"].includes(method), {
  path: ["body"],
  error: "GET and HEAD carry no body",
});

/** The shape of {@link FallbackSettings}. */
export const fallback: z.ZodType<FallbackSettings, unknown> = z.strictObject({
  mode: wordOf(Object.values(FallbackMode)).describe("The mode: PRIMARY, HEURISTIC or SAFE"),
  hold,
});

/** The shape of {@link BreakerSettings}. */
export const breaker: z.ZodType<BreakerSettings, unknown> = z.strictObject({
  name: name().describe("The name of the breaker"),
  do: wordOf(["open", "close"]).describe("What is done to it: open or close"),
  hold,
});

/** The shape of {@link LogSettings}. */
export const log: z.ZodType<LogSettings, unknown> = z.strictObject({
  level: z.enum(LogLevel).default(LogLevel.INFO).describe("How important it is"),
  message,
});

/** The shape of {@link NotifySettings}. */
export const notify: z.ZodType<NotifySettings, unknown> = z.strictObject({
  channel: name().nullable().default(null).describe("For whom"),
  priority: name().nullable().default(null).describe("How pressing it is"),
  message,
});
