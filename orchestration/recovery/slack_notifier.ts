import { type Clock, systemClock } from "../../clock.ts";
import { hostOf } from "../../config/availability/probes/host_of.ts";
import { missingPermission } from "../../config/availability/probes/missing_permission.ts";
import { messageOf } from "../../config/availability/settle_probe.ts";
import { inTime } from "../../config/in_time.ts";
import { checkRange } from "../../coordination/lease_timing.ts";
import { RecoveryNoticeKind } from "../../enums/recovery_notice_kind.ts";
import type { Notifier, RecoveryNotice } from "./notifier.ts";
import { SlackError, type SlackErrorFields } from "./slack_error.ts";
import { slackMessage } from "./slack_message.ts";

/** Options of {@link SlackNotifier}. */
export interface SlackNotifierOptions {
  /** URL of the incoming webhook. It is a secret: no message and no error shows more than its host. */
  readonly webhook: string | URL;
  /**
   * Kinds of notices that Slack is told of, as in `slack_events`. Alerts are always told: they are
   * steps that a policy's author asked for.
   *
   * @default what happens to actions, and failures that repeat
   */
  readonly events?: readonly string[];
  /**
   * Longest time for a notice, a second attempt included, in ms, 100 to 600,000.
   *
   * @default 10_000
   */
  readonly timeoutMs?: number;
  /**
   * Sends a request. What it needs is its own affair: no permission is asked for.
   *
   * @default the runtime's `fetch`, which needs the net permission for the webhook's host
   */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /**
   * Time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
  /**
   * Chance in [0, 1): spreads the second attempts of many nodes over a second.
   *
   * @default Math.random
   */
  readonly random?: () => number;
}

const DEFAULT_EVENTS: readonly string[] = [
  RecoveryNoticeKind.ACTION_EXECUTED,
  RecoveryNoticeKind.ACTION_FAILED,
  RecoveryNoticeKind.MULTIPLE_FAILURES,
];

const TOO_MANY_REQUESTS = 429;
/** How long to wait where Slack does not say in seconds: it takes one message a second. */
const RETRY_AFTER_MS = 1_000;
const SPREAD_MS = 1_000;

/** What of an answer matters. */
interface Answer {
  readonly status: number;
  readonly ok: boolean;
  /** Slack's own word for what is wrong, such as `no_service`; "" when there is none. */
  readonly word: string;
  readonly retryAfterMs: number;
}

/**
 * Tells a Slack channel through an incoming webhook. Other services that take `{ "text": … }` as Slack
 * does will do as well. Not guaranteed: that each notice arrives once. A request without an answer may
 * have arrived; it is not sent again.
 *
 * @example Tell of failures only
 * ```ts
 * import { SlackNotifier } from "@baton/orchestration/orchestration";
 *
 * const slack = new SlackNotifier({
 *   webhook: "https://hooks.slack.com/services/T000/B000/secret",
 *   events: ["recovery_action_failed"],
 * });
 * if (slack.tells("recovery_action_executed")) throw new Error("not asked for");
 * ```
 */
export class SlackNotifier implements Notifier {
  readonly #url: URL;
  readonly #events: ReadonlySet<string>;
  readonly #timeoutMs: number;
  readonly #fetch: SlackNotifierOptions["fetch"];
  readonly #clock: Clock;
  readonly #random: () => number;

  /**
   * Makes a notifier. Nothing is sent yet.
   *
   * @param options Where to, what about, and for how long.
   * @throws {RangeError} when the webhook is no http or https URL, or `timeoutMs` is out of range.
   */
  constructor(options: SlackNotifierOptions) {
    const { webhook, timeoutMs = 10_000 } = options;
    const url = URL.canParse(webhook) ? new URL(webhook) : undefined;
    if (url === undefined || !/^https?:$/.test(url.protocol)) {
      throw new RangeError(
        "webhook must be an http or https URL (it is not shown: it is a secret)",
      );
    }
    checkRange("timeoutMs", timeoutMs, 100, 600_000);
    this.#url = url;
    this.#events = new Set(options.events ?? DEFAULT_EVENTS);
    this.#timeoutMs = timeoutMs;
    this.#fetch = options.fetch;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
  }

  /** What it needs, to be looked at before the first notice. */
  get permissions(): readonly Deno.PermissionDescriptor[] {
    return this.#fetch ? [] : [{ name: "net", host: hostOf(this.#url) }];
  }

  /**
   * Says whether Slack is told of a kind of notice.
   *
   * @param kind The kind.
   * @returns Whether it is listed, or an alert.
   */
  tells(kind: string): boolean {
    return kind === RecoveryNoticeKind.ALERT || this.#events.has(kind);
  }

  /**
   * Tells Slack, if it is to be told of this kind. When Slack has too many messages, it is asked once
   * more after as long as it says.
   *
   * @param notice What happened.
   * @param options The signal that ends the attempt.
   * @throws {SlackError} when Slack was not told, or did not say so in time.
   * @throws the signal's reason when that came first.
   */
  async notify(notice: RecoveryNotice, options: { readonly signal: AbortSignal }): Promise<void> {
    if (!this.tells(notice.kind)) return;
    const { signal } = options;
    signal.throwIfAborted();
    await this.#askPermission();
    const ended = new AbortController();
    const limits = { clock: this.#clock, timeoutMs: this.#timeoutMs, signal };
    const untilMs = this.#clock.monotonic() + this.#timeoutMs;
    const either = AbortSignal.any([signal, ended.signal]);
    try {
      await inTime(this.#send(JSON.stringify(slackMessage(notice)), untilMs, either), limits);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw error instanceof SlackError ? error : this.#describe(error);
    } finally {
      ended.abort();
    }
  }

  async #askPermission(): Promise<void> {
    for (const permission of this.permissions) {
      const missing = await missingPermission(permission);
      if (missing !== null) throw this.#error({ kind: "not_permitted", reason: missing });
    }
  }

  async #send(body: string, untilMs: number, signal: AbortSignal): Promise<void> {
    const first = await this.#post(body, signal);
    if (first.status !== TOO_MANY_REQUESTS) return this.#judge(first);
    const waitMs = first.retryAfterMs + this.#random() * SPREAD_MS;
    if (this.#clock.monotonic() + waitMs >= untilMs) return this.#judge(first);
    await this.#clock.sleep(waitMs, { signal });
    this.#judge(await this.#post(body, signal));
  }

  async #post(body: string, signal: AbortSignal): Promise<Answer> {
    const send = this.#fetch ?? fetch;
    const response = await send(this.#url.href, {
      method: "POST",
      headers: { "content-type": "application/json; charset=utf-8" },
      body,
      signal,
      redirect: "manual", // the secret goes nowhere else
    });
    return {
      status: response.status,
      ok: response.ok,
      word: await readWord(response),
      retryAfterMs: readRetryAfterMs(response.headers.get("retry-after")),
    };
  }

  #judge({ ok, status, word }: Answer): void {
    if (ok) return;
    const kind = status === TOO_MANY_REQUESTS ? "rate_limited" : "refused";
    const reason = `answered with status ${status}${word === "" ? "" : ` (${word})`}`;
    throw this.#error({ kind, status, reason });
  }

  /** @returns What failed on the way, without the URL. */
  #describe(error: unknown): SlackError {
    if (error instanceof DOMException && error.name === "TimeoutError") {
      return this.#error({ kind: "timeout", reason: `no answer within ${this.#timeoutMs} ms` });
    }
    if (error instanceof Deno.errors.NotCapable) {
      const reason = `net permission not granted: --allow-net=${hostOf(this.#url)}`;
      return this.#error({ kind: "not_permitted", reason });
    }
    return this.#error({ kind: "unreachable", reason: safeMessage(error, this.#url) });
  }

  #error(
    fields: Partial<SlackErrorFields> & Pick<SlackErrorFields, "kind" | "reason">,
  ): SlackError {
    return new SlackError({ status: null, ...fields, host: hostOf(this.#url) });
  }
}

/** @returns What was thrown, in words; nothing of it when it could show a part of the secret. */
function safeMessage(error: unknown, url: URL): string {
  const text = messageOf(error).replaceAll(url.href, "the webhook");
  const { pathname, search, username, password } = url;
  const parts = [...pathname.split("/"), search.slice(1), username, password];
  const isSafe = parts.every((part) => part.length < 3 || !text.includes(part));
  return isSafe ? text.slice(0, 200) : "the request failed";
}

/** @returns How long Slack asks to wait, in ms. A date is not read: it is of another clock than ours. */
function readRetryAfterMs(header: string | null): number {
  return /^\d{1,6}$/.test(header ?? "") ? Number(header) * 1_000 : RETRY_AFTER_MS;
}

/** Reads the start of a body and lets go of the rest. Only a plain word is kept. */
async function readWord(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  try {
    const { value } = await reader.read();
    const text = new TextDecoder().decode(value?.subarray(0, 60)).trim();
    return /^[a-z_]{2,50}$/.test(text) ? text : "";
  } finally {
    await reader.cancel();
  }
}
