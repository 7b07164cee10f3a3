import type { Clock } from "../../clock.ts";
import type { RecoveryLogging } from "../../config/schemas/recovery_sections.ts";
import type { LogLevel } from "../../enums/log_level.ts";
import { NoticeBoard } from "./notice_board.ts";
import type { Notifier, RecoveryNotice } from "./notifier.ts";
import { recoveryLogger } from "./recovery_logger.ts";
import { RecoveryLog } from "./recovery_log.ts";
import { SlackNotifier } from "./slack_notifier.ts";
import { tellNotifiers } from "./tell_notifiers.ts";

/** Options of {@link RecoveryOutlets}. */
export interface RecoveryOutletsOptions {
  /** Those that the program gives. */
  readonly notifiers: readonly Notifier[];
  /** Time. */
  readonly clock: Clock;
  /** Chance; values in [0, 1). */
  readonly random: () => number;
  /**
   * Calls URLs, such as Slack's.
   *
   * @default fetch
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Where recovery tells: the notifiers of the program, and what the file asks for besides. */
export class RecoveryOutlets {
  /** Tells everybody, and waits for them: for actions that are notices. */
  readonly notifier: Notifier = {
    notify: (notice, options) => {
      recoveryLogger.warn("{text}", { text: notice.text });
      return tellNotifiers(this.notifiers, notice, options);
    },
  };
  readonly #options: RecoveryOutletsOptions;
  #logging: string | null = null;
  #notifiers: readonly Notifier[];
  #board: NoticeBoard;
  #log: RecoveryLog | null = null;
  #watchedLog: RecoveryLog | null = null;
  #toldFault: string | null = null;

  /** @param options Whom the program gives. */
  constructor(options: RecoveryOutletsOptions) {
    this.#options = options;
    this.#notifiers = options.notifiers;
    this.#board = this.#makeBoard();
  }

  /** Who is told. */
  get notifiers(): readonly Notifier[] {
    return this.#notifiers;
  }

  /** How telling and writing fares. */
  get metrics(): object {
    return { ...this.#board.metrics, ...this.#log?.metrics };
  }

  /**
   * Opens what a file asks for, in place of what an earlier one did. What it refuses changes nothing.
   *
   * @throws {RangeError} when the webhook is no address, or the format of the log is none.
   */
  open(logging: RecoveryLogging): void {
    const wanted = JSON.stringify(logging);
    if (wanted === this.#logging) return;
    const { notifiers, clock, random, fetch } = this.#options;
    const { slack_webhook: webhook, slack_events: events } = logging;
    const slack = webhook === ""
      ? []
      : [new SlackNotifier({ webhook, events, clock, random, ...fetch && { fetch } })];
    const log = pathOf(logging) === "" ? null : openLog(logging, clock);
    const before = [this.#board, this.#log];
    this.#logging = wanted;
    this.#notifiers = [...notifiers, ...slack];
    this.#board = this.#makeBoard();
    this.#log = log;
    this.#toldFault = null;
    for (const each of before) void each?.[Symbol.asyncDispose]();
  }

  /** Takes a notice. Never throws, waits for nobody. */
  tell(notice: RecoveryNotice): void {
    this.#board.tell(notice);
  }

  /** Takes a line. Never throws, waits for nobody. */
  log(level: LogLevel, entry: Readonly<Record<string, unknown>>): void {
    const log = this.#log;
    if (log === null) return;
    log.write(level, entry);
    if (this.#watchedLog === log) return;
    this.#watchedLog = log;
    void log.flush().then(() => this.#tellOfFault(log));
  }

  /** A log that is not written is missed when it is needed: said once for each cause. */
  #tellOfFault(log: RecoveryLog): void {
    if (this.#watchedLog === log) this.#watchedLog = null;
    const { last_log_fault: fault } = log.metrics;
    if (fault === null || fault.text === this.#toldFault || log !== this.#log) return;
    this.#toldFault = fault.text;
    recoveryLogger.warn("The recovery log is not written: {fault}", { fault: fault.text });
  }

  /** @returns When what is under way is out, or too late. */
  async flush(): Promise<void> {
    await Promise.all([this.#board.settle(), this.#log?.flush()]);
  }

  #makeBoard(): NoticeBoard {
    return new NoticeBoard({ notifiers: this.#notifiers, clock: this.#options.clock });
  }
}

/** Files of either kind name their log; `log_file` goes first, the newer name. */
function pathOf({ log_file: path, file }: RecoveryLogging): string {
  return path === "" ? file : path;
}

function openLog(logging: RecoveryLogging, clock: Clock): RecoveryLog {
  return new RecoveryLog({
    path: pathOf(logging),
    rotation: logging.log_rotation,
    retentionDays: logging.log_retention_days,
    level: logging.level,
    ...logging.format === "" ? {} : { format: logging.format },
    clock,
  });
}
