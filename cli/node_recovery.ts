import { type ConfigWatch, watchConfig } from "../config/files/watch_config.ts";
import type { LeaderWork } from "../coordination/coordinator_options.ts";
import { DeadlineError, withDeadline } from "../coordination/deadline.ts";
import { StoreUnavailableError } from "../coordination/errors.ts";
import type { Term } from "../coordination/term.ts";
import type { AnyRecoveryDocument } from "../orchestration/recovery/compile_rules.ts";
import { EnhancedRecoveryOrchestrator } from "../orchestration/recovery/enhanced_recovery_orchestrator.ts";
import {
  KvRecoveryStorage,
  recoveryPrefix,
} from "../orchestration/recovery/kv_recovery_storage.ts";
import type {
  RecoveryCluster,
  RecoveryFallback,
} from "../orchestration/recovery/recovery_environment.ts";
import type { RecoveryTerm } from "../orchestration/recovery/recovery_lane.ts";
import { RecoveryOrchestrator } from "../orchestration/recovery/recovery_orchestrator.ts";
import type { HealthSource } from "../health/health_state.ts";
import { CliError } from "./cli_error.ts";
import type { CliIo } from "./cli_io.ts";
import { cliLogger } from "./cluster_log.ts";
import { readRecoveryKind } from "./config_kind.ts";
import { followConfig, logContradictions } from "./config_log.ts";
import { orRefuse } from "./config_refusal.ts";
import { coordinatorCommand } from "./coordinator_command.ts";
import { ExitCode } from "./exit_codes.ts";
import { type FollowedNode, warnOfIdleLeaders } from "./idle_leaders.ts";
import { findIdleActions, findIdlePhases, findUnwatched } from "./policy_warnings.ts";
import { writeDuty } from "./recovery_duty.ts";
import { missingForSlack, programsOf } from "./recovery_needs.ts";

/** Options of {@link NodeRecovery.open}. */
export interface NodeRecoveryOptions {
  /** The file that says what is done. */
  readonly file: string;
  /** The file that says what is watched; undefined for none. */
  readonly healthFile: string | undefined;
  /** The components that are watched now; empty without such a file. */
  readonly components: () => readonly string[];
  /** The node's store. */
  readonly kv: Deno.Kv;
  /** The node's cluster. */
  readonly cluster: string;
  /** Says how the node is. */
  readonly healthMonitor: HealthSource;
  /** Keeps the node's mode. */
  readonly fallbackManager: RecoveryFallback;
  /** The node itself, once it is made. */
  readonly coordinator: () => RecoveryCluster;
  readonly io: Pick<CliIo, "clock" | "random">;
}

type Recovery = EnhancedRecoveryOrchestrator | RecoveryOrchestrator;

const PAUSE_MS = 1_000;
const REST_MAX_MS = 5_000;

/** Recovery in a coordinator: it goes by a file, and follows it. */
export class NodeRecovery implements AsyncDisposable {
  /** What the node does while it leads. */
  readonly leaderWork: LeaderWork;
  readonly #options: NodeRecoveryOptions;
  readonly #watch: ConfigWatch<AnyRecoveryDocument>;
  readonly #recovery: Recovery;
  readonly #storage: KvRecoveryStorage;
  readonly #ended = new AbortController();
  readonly #failed: PromiseWithResolvers<never> = Promise.withResolvers();
  #running: Promise<void> | null = null;
  #resting: Promise<void> | null = null;
  #term: RecoveryTerm | null = null;
  #rejected: string | null = null;

  private constructor(
    options: NodeRecoveryOptions,
    watch: ConfigWatch<AnyRecoveryDocument>,
    { recovery, storage }: { readonly recovery: Recovery; readonly storage: KvRecoveryStorage },
  ) {
    this.#options = options;
    this.#watch = watch;
    this.#recovery = recovery;
    this.#storage = storage;
    this.leaderWork = { lead: (term) => this.#lead(term) };
    this.#failed.promise.catch(() => {}); // told to whoever asks by untilFailed()
  }

  /**
   * Reads the file.
   *
   * @param options The file, and what recovery works with.
   * @returns Recovery; nothing runs yet but the look after the file.
   * @throws {CliError} with exit code 2 when the file cannot be used.
   */
  static async open(options: NodeRecoveryOptions): Promise<NodeRecovery> {
    const { file, kv, cluster, healthMonitor, fallbackManager, coordinator, io } = options;
    const { clock, random } = io;
    const { kind, schema } = await readRecoveryKind(file, "--recovery");
    const watch = await orRefuse(() => watchConfig(file, schema, { clock }));
    const storage = new KvRecoveryStorage({ kv, prefix: recoveryPrefix(cluster), clock, random });
    const parts = {
      configPath: file,
      storage,
      healthMonitor,
      fallbackManager,
      coordinator,
      clock,
      random,
    };
    const recovery = kind === "policies"
      ? new EnhancedRecoveryOrchestrator(parts)
      : new RecoveryOrchestrator(parts);
    return new NodeRecovery(options, watch, { recovery, storage });
  }

  /**
   * Makes the actions of the file, once the node is made.
   *
   * @throws {CliError} with exit code 2 when one of them cannot be done here.
   */
  async load(): Promise<void> {
    const { file } = this.#options;
    const { config, contradictions } = this.#watch.current;
    const missing = await missingForSlack(config);
    if (missing !== null) {
      throw new CliError(`Cannot use ${file}: logging.slack_webhook cannot be called`, {
        code: "PERMISSION_MISSING",
        exitCode: ExitCode.USAGE,
        hint: "Start it with what is missing",
        details: [missing, this.#commandFor([missing])],
      });
    }
    await orRefuse(() => this.#recovery.load(), (reasons) => this.#commandFor(reasons));
    logContradictions(contradictions);
    this.#tellOfFile();
  }

  /** Begins, and follows the file from now on. */
  start(): void {
    this.#serve();
    const { file } = this.#options;
    followConfig(file, this.#watch, async (document) => {
      const missing = await missingForSlack(document);
      if (missing !== null) throw new Error(`logging.slack_webhook: ${missing}`);
      const { ok, errors } = await this.#recovery.reload();
      if (ok) {
        this.#tellOfFile();
        this.#serve();
      }
      return errors;
    }, (rejected) => this.#noteFollowed(rejected));
  }

  /** Warns of components that the file goes by and that nobody watches. */
  warnOfUnwatched(): void {
    const { file, healthFile, components } = this.#options;
    const around = { file, healthFile, components: components() };
    logContradictions(findUnwatched(this.#watch.current.config, around));
  }

  /** Warns of leaders that do no recovery, until the signal aborts. */
  watchLeader(node: FollowedNode, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options.io;
    return warnOfIdleLeaders(node, { storage: this.#storage, clock, signal });
  }

  /** Tells what the file that is in force means here. */
  #tellOfFile(): void {
    const { config } = this.#watch.current;
    const { enabled, actions_without_handler: unhandled } = this.#recovery.getStatus();
    this.warnOfUnwatched();
    logContradictions(findIdlePhases(config, this.#options.file));
    const idle = findIdleActions(config, unhandled).join(", ");
    if (idle !== "") cliLogger.warn("Nothing does {idle}: declare it under handlers", { idle });
    if (!enabled) cliLogger.warn("Recovery is switched off by its file");
    else if (this.#isDryRun) cliLogger.warn("Recovery is a dry run: it decides, and runs nothing");
  }

  get #isDryRun(): boolean {
    return "isDryRun" in this.#recovery && this.#recovery.isDryRun();
  }

  /** @returns The command that starts this coordinator with all that its file needs. */
  #commandFor(missing: readonly string[]): string {
    const { file, healthFile = file } = this.#options;
    const programs = programsOf(this.#watch.current.config);
    return coordinatorCommand({ missing, files: [file, healthFile], programs, args: Deno.args });
  }

  async #lead(term: Term): Promise<void> {
    this.#term = term;
    try {
      await Promise.all([this.#recovery.lead(term), this.#putOnRecord()]);
    } finally {
      if (this.#term === term) this.#term = null;
    }
  }

  #noteFollowed(rejected: string | null): void {
    this.#rejected = rejected;
    this.#putOnRecord().catch((error) => this.#failed.reject(error));
  }

  /** Says to whoever asks for the status how the leader does recovery, if this node leads. */
  async #putOnRecord(): Promise<void> {
    const term = this.#term;
    if (term === null) return;
    const { enabled } = this.#recovery.getStatus();
    const duty = {
      node: this.#options.coordinator().instanceId,
      term: term.term,
      enabled: enabled ?? true,
      dry_run: this.#isDryRun,
      rejected: this.#rejected,
    };
    try {
      await writeDuty(this.#storage, duty, term);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
      cliLogger.warn("The status of recovery was not stored: {error}", { error: error.message });
    }
  }

  /** @returns Never: rejects when recovery cannot go on. */
  untilFailed(): Promise<never> {
    return this.#failed.promise;
  }

  /**
   * Ends what the node does for itself; what it does as the leader ends with its term. What has not
   * come to rest after a while is left behind: the next process goes on with it.
   */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#resting ??= this.#rest();
  }

  async #rest(): Promise<void> {
    this.#ended.abort();
    const resting = Promise.all([this.#watch[Symbol.asyncDispose](), this.#running]);
    await withDeadline(resting, REST_MAX_MS, this.#options.io.clock).catch((error) => {
      if (!(error instanceof DeadlineError)) throw error;
    });
  }

  /** A run ends at once where recovery is switched off: it begins when the file says otherwise. */
  #serve(): void {
    this.#running ??= this.#run().catch((error) => this.#failed.reject(error)).finally(() => {
      this.#running = null;
    });
  }

  async #run(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      try {
        return await this.#recovery.run({ signal });
      } catch (error) {
        if (!(error instanceof StoreUnavailableError)) throw error;
        cliLogger.warn("Recovery waits for the store: {error}", { error: error.message });
        await this.#options.io.clock.sleep(PAUSE_MS, { signal }).catch(() => {});
      }
    }
  }
}
