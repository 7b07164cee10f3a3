import type { ActionContext } from "../../../../orchestration/recovery/action_handler.ts";
import type { FilledParts } from "../../../../orchestration/recovery/handlers/action_handler_parts.ts";
import type {
  ProcessGroup,
  StartOptions,
} from "../../../../orchestration/recovery/handlers/process_group.ts";
import { fixedEnv } from "../../../../config/env_reader.ts";
import { FakeClock } from "../../../../testing/fake_clock.ts";

/** @returns What an action is told, all of it said. */
export function contextOf(given: Partial<ActionContext> = {}): ActionContext {
  return {
    action: "restart_api",
    params: { unit: "api" },
    signal: new AbortController().signal,
    fence: "7",
    executionId: "run-1",
    attempt: 2,
    dryRun: false,
    clock: new FakeClock(),
    reason: "it is down",
    cause: {
      trigger: "anomaly",
      type: "api_fault",
      severity: 0.9,
      confidence: 0.8,
      recurrenceCount: 3,
      durationSeconds: 12.5,
      metadata: { region: { name: "eu" } },
    },
    ...given,
  };
}

/** @returns Parts without effects, to which everything is permitted. */
export function partsOf(given: Partial<FilledParts> = {}): FilledParts {
  const unexpected = () => {
    throw new Error("nothing of this was expected");
  };
  return {
    breakers: new Map(),
    node: "n1",
    env: fixedEnv({ PATH: "/bin", SECRET: "s" }),
    fetch: unexpected,
    connect: unexpected,
    startProcessGroup: unexpected,
    missingPermission: () => Promise.resolve(null),
    random: () => 0.5,
    ...given,
  };
}

/** A group of processes that ends when a test says so. */
export class FakeGroup implements ProcessGroup {
  readonly #end = Promise.withResolvers<{ readonly code: number }>();
  /** The signals that it got, those that only ask left out. */
  readonly signals: string[] = [];
  /** Which signal ends whatever is left; null for a group of which nothing is left by itself. */
  diesOf: string | null = null;
  readonly ended: Promise<{ readonly code: number }> = this.#end.promise;
  readonly stdout: ReadableStream<Uint8Array>;
  readonly stderr: ReadableStream<Uint8Array>;

  constructor(output: { readonly stdout?: string; readonly stderr?: string } = {}) {
    this.stdout = streamOf(output.stdout ?? "");
    this.stderr = streamOf(output.stderr ?? "");
  }

  end(code: number): void {
    this.#end.resolve({ code });
  }

  signal(signal: Deno.Signal | 0): boolean {
    if (this.diesOf === null) return false;
    if (signal === 0) return true;
    this.signals.push(signal);
    if (signal !== this.diesOf) return true;
    this.diesOf = null;
    this.end(143);
    return true;
  }
}

/** @returns Starts one group, and what it was started with. */
export function startOf(group: ProcessGroup): {
  readonly start: (argv: readonly string[], options: StartOptions) => ProcessGroup;
  readonly started: { readonly argv: readonly string[]; readonly options: StartOptions }[];
} {
  const started: { argv: readonly string[]; options: StartOptions }[] = [];
  const start = (argv: readonly string[], options: StartOptions) => {
    started.push({ argv, options });
    return group;
  };
  return { start, started };
}

export function streamOf(...chunks: readonly string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(chunks.map((chunk) => new TextEncoder().encode(chunk)));
}
