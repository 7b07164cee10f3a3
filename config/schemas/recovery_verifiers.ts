import { z } from "zod";
import { httpAddress, longText, name, port, timeLimit, whole } from "./common_shapes.ts";
import { exactlyOneOf } from "./recovery_one_of.ts";

/** An HTTP server that must answer well. */
export interface HttpVerification {
  /** What is asked with GET. */
  readonly url: string;
  /** How long it may take, in seconds. Default 5. */
  readonly timeout: number;
  /** Which answers are good ones; empty for 200 to 299. Default empty. */
  readonly expect_status: readonly number[];
}

/** A TCP port that must take connections. */
export interface TcpVerification {
  /** The host. Default "127.0.0.1". */
  readonly host: string;
  /** The port. */
  readonly port: number;
  /** How long it may take, in seconds. Default 5. */
  readonly timeout: number;
}

/** A program that must exit with 0. */
export interface CommandVerification {
  /** The program and its arguments; there is no shell. */
  readonly argv: readonly string[];
  /** The folder in which it runs; null for this process's own. Default null. */
  readonly cwd: string | null;
  /** Names of the variables of this process that it gets. Default none. */
  readonly env: readonly string[];
  /** How long it may take, in seconds. Default 30. */
  readonly timeout: number;
}

/** How an action declared in YAML is verified: exactly one of these. */
export type VerifierSettings =
  | {
    /** Name of the component of `health.yaml` that must be healthy. */
    readonly component: string;
  }
  | {
    /** An HTTP server that must answer well. */
    readonly http: HttpVerification;
  }
  | {
    /** A TCP port that must take connections. */
    readonly tcp: TcpVerification;
  }
  | {
    /** A program that must exit with 0. */
    readonly command: CommandVerification;
  };

const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** @returns The name of a variable of the environment. */
export function variableName(): z.ZodString {
  return z.string().max(100).regex(VARIABLE, "letters, digits and underscores, no digit first");
}

/** @returns A program and its arguments. */
export function argv(): z.ZodType<readonly string[], string[]> {
  return z.array(longText()).min(1).max(1_000).refine(([program]) => program !== "", {
    path: [0],
    error: "a program must have a name",
  }).describe("The program and its arguments; there is no shell");
}

/** The folder in which a program runs. */
export const workingDirectory = z.string().min(1).max(1_000).nullable().default(null).describe(
  "The folder in which it runs",
);

/** The names of the variables that a program gets. */
export const passedVariables = z.array(variableName()).max(100).default([]).describe(
  "Names of the variables of this process that it gets",
);

/** Which answers of an HTTP server are good ones. */
export const expectedStatus = z.array(whole(100, 599)).max(100).default([]).describe(
  "Which answers are good ones; empty for 200 to 299",
);

const timeout = (seconds: number) =>
  timeLimit().default(seconds).describe("How long it may take, in seconds");

const http = z.strictObject({
  url: httpAddress().describe("What is asked with GET"),
  timeout: timeout(5),
  expect_status: expectedStatus,
});

const tcp = z.strictObject({
  host: name().default("127.0.0.1").describe("The host"),
  port: port().describe("The port"),
  timeout: timeout(5),
});

const command = z.strictObject({
  argv: argv(),
  cwd: workingDirectory,
  env: passedVariables,
  timeout: timeout(30),
});

/** The shape of {@link VerifierSettings}. */
export const verifier = z.strictObject({
  component: name().exactOptional().describe("The component that must be healthy"),
  http: http.exactOptional().describe("An HTTP server that must answer well"),
  tcp: tcp.exactOptional().describe("A TCP port that must take connections"),
  command: command.exactOptional().describe("A program that must exit with 0"),
}).superRefine(exactlyOneOf(["component", "http", "tcp", "command"])) as unknown as z.ZodType<
  VerifierSettings,
  unknown
>; // the check leaves exactly one of them, which zod cannot tell the type
