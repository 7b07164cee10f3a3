import { z } from "zod";
import {
  httpAddress,
  name,
  port,
  seconds,
  share,
  text,
  timeLimit,
  whole,
} from "./common_shapes.ts";

/** What every component of {@link HealthDocument} has. */
export interface HealthComponentCommon {
  /** Whether it is watched. Default true. */
  readonly enabled: boolean;
  /** What it is, for people. Default "". */
  readonly description: string;
  /** Pause between the beginnings of two looks, in seconds; null for the document's. Default null. */
  readonly interval: number | null;
  /** How long one look may take, in seconds; null for the document's. Default null. */
  readonly timeout: number | null;
  /** From how long on a good look degrades it, in seconds; null for never. Default null. */
  readonly slow: number | null;
  /** How many looks must fail in a row to fail it; null for the document's. Default null. */
  readonly failure_threshold: number | null;
  /** How many looks must succeed in a row to take it back; null for the document's. Default null. */
  readonly success_threshold: number | null;
}

/** An HTTP server that is asked with GET. */
export interface HttpComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "http";
  /** What is asked. */
  readonly url: string;
  /** Which answers are good ones; null for 200 to 299. Default null. */
  readonly status_codes: readonly number[] | null;
}

/** A TCP port that is connected to. */
export interface TcpComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "tcp";
  /** The host. Default "127.0.0.1". */
  readonly host: string;
  /** The port. */
  readonly port: number;
}

/** A command that must exit with 0. */
export interface CommandComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "command";
  /** The program and its arguments; there is no shell. */
  readonly command: readonly string[];
  /** Whether it must also write something to stdout. Default false. */
  readonly needs_output: boolean;
}

/** A Deno KV database that is read. */
export interface KvComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "kv";
  /** A file or `:memory:`; null for the database that the program has open. Default null. */
  readonly path: string | null;
}

/** The disk that holds a path. */
export interface DiskComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "disk";
  /** A file or folder on the disk. Default ".". */
  readonly path: string;
  /** Share in use that degrades it. Default 0.8. */
  readonly warning: number;
  /** Share in use that fails it. Default 0.95. */
  readonly critical: number;
}

/** Memory of the machine and of this process. */
export interface MemoryComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "memory";
  /** Share in use that degrades it. Default 0.85. */
  readonly warning: number;
  /** Share in use that fails it. Default 0.95. */
  readonly critical: number;
}

/** The load of the machine. */
export interface CpuComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "cpu";
  /** Load average of the last minute per core that degrades it. Default 2. */
  readonly warning: number;
  /** Load average of the last minute per core that fails it. Default 8. */
  readonly critical: number;
}

/** How late this process runs its timers. */
export interface EventLoopComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "eventLoop";
  /** Lag that degrades it, in seconds. Default 0.1. */
  readonly warning: number;
  /** Lag that fails it, in seconds. Default 1. */
  readonly critical: number;
}

/** Something that the program itself looks at. */
export interface CustomComponent extends HealthComponentCommon {
  /** How it is watched. */
  readonly type: "custom";
  /** The name under which the program gave the check; null for the component's own. Default null. */
  readonly check: string | null;
}

/** A component of {@link HealthDocument}, by how it is watched. */
export type HealthComponentSettings =
  | HttpComponent
  | TcpComponent
  | CommandComponent
  | KvComponent
  | DiskComponent
  | MemoryComponent
  | CpuComponent
  | EventLoopComponent
  | CustomComponent;

const NO_TYPE =
  "not a kind of component: http, tcp, command, kv, disk, memory, cpu, eventLoop or custom";
const INTERVAL_MIN_SECONDS = 0.01;
const DAY_SECONDS = 86_400;

/** @returns Pause between two looks, in seconds. */
export function interval(): z.ZodNumber {
  return z.number().min(INTERVAL_MIN_SECONDS).max(DAY_SECONDS);
}

/** @returns How long a look may take, in seconds. */
export function lookTimeout(): z.ZodNumber {
  return z.number().min(0.001).max(DAY_SECONDS);
}

/** @returns How many looks in a row. */
export function lookCount(): z.ZodInt {
  return whole(1, 1_000);
}

const common = {
  enabled: z.boolean().default(true).describe("Whether it is watched"),
  description: text().default("").describe("What it is, for people"),
  interval: interval().nullable().default(null).describe("Pause between two looks, in seconds"),
  timeout: lookTimeout().nullable().default(null).describe("Time limit of a look, in seconds"),
  slow: timeLimit().nullable().default(null).describe("From how long on a look is a slow one"),
  failure_threshold: lookCount().nullable().default(null).describe(
    "How many looks must fail in a row to fail it",
  ),
  success_threshold: lookCount().nullable().default(null).describe(
    "How many looks must succeed in a row to take it back",
  ),
};

function bounds(warning: number, critical: number, shape: () => z.ZodNumber) {
  return {
    warning: shape().default(warning).describe("From where on it is degraded"),
    critical: shape().default(critical).describe("From where on it has failed"),
  };
}

const isOrdered = (
  { warning, critical }: { readonly warning: number; readonly critical: number },
) => warning > 0 && warning < critical;
const ORDER = { path: ["critical"], error: "not above warning, which is above 0" };

/** The shape of {@link HealthComponentSettings}. */
export const component: z.ZodType<HealthComponentSettings> = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("http"),
    url: httpAddress().describe("What is asked with GET"),
    status_codes: z.array(whole(100, 599)).min(1).max(100).nullable().default(null).describe(
      "Which answers are good ones",
    ),
    ...common,
  }),
  z.strictObject({
    type: z.literal("tcp"),
    host: name().default("127.0.0.1").describe("The host"),
    port: port().describe("The port"),
    ...common,
  }),
  z.strictObject({
    type: z.literal("command"),
    command: z.array(text()).min(1).max(1_000).describe("The program and its arguments"),
    needs_output: z.boolean().default(false).describe("Whether it must also write something"),
    ...common,
  }),
  z.strictObject({
    type: z.literal("kv"),
    path: z.string().min(1).max(1_000).nullable().default(null).describe("A file, or :memory:"),
    ...common,
  }),
  z.strictObject({
    type: z.literal("disk"),
    path: z.string().min(1).max(1_000).default(".").describe("A file or folder on the disk"),
    ...bounds(0.8, 0.95, share),
    ...common,
  }).refine(isOrdered, ORDER),
  z.strictObject({ type: z.literal("memory"), ...bounds(0.85, 0.95, share), ...common })
    .refine(isOrdered, ORDER),
  z.strictObject({ type: z.literal("cpu"), ...bounds(2, 8, seconds), ...common })
    .refine(isOrdered, ORDER),
  z.strictObject({ type: z.literal("eventLoop"), ...bounds(0.1, 1, seconds), ...common })
    .refine(isOrdered, ORDER),
  z.strictObject({
    type: z.literal("custom"),
    check: name().nullable().default(null).describe("The name of the check in the program"),
    ...common,
  }),
], { error: NO_TYPE }).describe("A component, by how it is watched");
