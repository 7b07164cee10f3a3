import { type Clock, systemClock } from "../clock.ts";
import { envOf } from "./env_of.ts";
import { TextQueue } from "./text_queue.ts";

const FLUSH_MAX_MS = 500;

/** What a command sees of the outside; a test gives it another one. */
export interface CliIo {
  /** Writes a result. */
  readonly stdout: (text: string) => void;
  /** Writes everything that is not a result. Never waits for whoever reads it. */
  readonly stderr: (text: string) => void;
  /** Gives what was written to stderr a moment to get out, before the process ends. */
  readonly flush: () => Promise<void>;
  /** @returns An environment variable; undefined when it is not set or may not be read. */
  readonly env: (name: string) => string | undefined;
  /** Whether a person may be looking at results. */
  readonly stdoutIsTerminal: boolean;
  /** Whether a person may be looking at everything else. */
  readonly stderrIsTerminal: boolean;
  /** Times everything. */
  readonly clock: Clock;
  /** Spreads attempts; values in [0, 1). */
  readonly random: () => number;
  /** Ends the process at once. */
  readonly exit: (code: number) => never;
}

/** @returns The outside of this process. */
export function systemIo(): CliIo {
  const stderr = new TextQueue(Deno.stderr);
  return {
    stdout: (text) => writeAll(Deno.stdout, text),
    stderr: (text) => stderr.write(text),
    flush: () => stderr.flush(FLUSH_MAX_MS, systemClock),
    env: envOf,
    stdoutIsTerminal: Deno.stdout.isTerminal(),
    stderrIsTerminal: Deno.stderr.isTerminal(),
    clock: systemClock,
    random: Math.random,
    exit: Deno.exit,
  };
}

/** Something that takes bytes, perhaps fewer than it was given. */
export interface ByteSink {
  writeSync(bytes: Uint8Array): number;
}

/** Writes a text to its end. A reader that has gone away, such as `head`, is not an error. */
export function writeAll(sink: ByteSink, text: string): void {
  let rest = new TextEncoder().encode(text);
  try {
    while (rest.length > 0) rest = rest.subarray(sink.writeSync(rest));
  } catch (error) {
    if (!(error instanceof Deno.errors.BrokenPipe)) throw error;
  }
}
