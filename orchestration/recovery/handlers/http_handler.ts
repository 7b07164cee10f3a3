import type { HttpSettings } from "../../../config/schemas/recovery_handler_kinds.ts";
import { isTransientError } from "../../../health/is_transient_error.ts";
import { Retry } from "../../../health/retry.ts";
import { RetryExhaustedError } from "../../../health/retry_exhausted_error.ts";
import type { ActionContext, ActionHandler } from "../action_handler.ts";
import { ActionFailedError } from "./action_failed_error.ts";
import type { FilledParts } from "./action_handler_parts.ts";
import { bodyHeaders } from "./body_encoding.ts";
import { retryAfterMs } from "./retry_after.ts";

/** An answer that is no good one. */
class BadAnswer extends Error {
  readonly status: number;
  readonly waitMs: number;

  constructor(status: number, waitMs: number) {
    super(`answered with status ${status}`);
    this.status = status;
    this.waitMs = waitMs;
  }
}

/** What is sent at each attempt. */
interface Call {
  readonly url: string;
  readonly init: RequestInit;
  readonly isGood: (response: Response) => boolean;
  readonly fetch: FilledParts["fetch"];
}

/**
 * Makes an action that calls a URL. Time-outs, lost connections, 5xx, 429 and 408 are tried again,
 * not before the server's `Retry-After` is over. Redirects are not followed, as they may lead where
 * no permission leads: a 3xx is a bad answer unless it is expected.
 */
export function httpHandler(
  settings: HttpSettings,
  render: (context: ActionContext) => string,
  parts: Pick<FilledParts, "fetch" | "random">,
): ActionHandler {
  return async (context) => {
    const call: Call = {
      url: settings.url,
      init: requestOf(settings, context, settings.body === null ? null : render(context)),
      isGood: ({ ok, status }) =>
        settings.expect_status.length === 0 ? ok : settings.expect_status.includes(status),
      fetch: parts.fetch,
    };
    const shown = `${settings.method} to ${new URL(settings.url).origin}`;
    try {
      return `${shown} answered with status ${await callWithRetry(call, settings, context, parts)}`;
    } catch (error) {
      throw explain(error, context, shown);
    }
  };
}

async function callWithRetry(
  call: Call,
  settings: HttpSettings,
  { signal, clock }: ActionContext,
  { random }: Pick<FilledParts, "random">,
): Promise<number> {
  const baseDelayMs = settings.retry_delay * 1_000;
  const retry = new Retry({
    maxAttempts: settings.retries + 1,
    baseDelayMs,
    maxDelayMs: Math.max(8_000, baseDelayMs),
    isRetriable,
    clock,
    random,
  });
  let waitMs = 0;
  return await retry.execute(async () => {
    if (waitMs > 0) await clock.sleep(waitMs, { signal });
    waitMs = 0;
    try {
      return await callOnce(call);
    } catch (error) {
      if (error instanceof BadAnswer) waitMs = error.waitMs;
      throw error;
    }
  }, { signal });
}

async function callOnce({ url, init, isGood, fetch }: Call): Promise<number> {
  const response = await fetch(url, init);
  await response.body?.cancel();
  if (isGood(response)) return response.status;
  throw new BadAnswer(response.status, retryAfterMs(response.headers));
}

function requestOf(
  settings: HttpSettings,
  context: ActionContext,
  body: string | null,
): RequestInit {
  const headers = new Headers(body === null ? settings.headers : bodyHeaders(settings.headers));
  headers.set("Baton-Attempt", String(context.attempt));
  headers.set("Idempotency-Key", context.executionId);
  if (context.fence === null) headers.delete("Baton-Fence");
  else headers.set("Baton-Fence", context.fence);
  return { method: settings.method, headers, body, signal: context.signal, redirect: "manual" };
}

function isRetriable(error: unknown): boolean {
  if (!(error instanceof BadAnswer)) return isTransientError(error);
  return error.status >= 500 || error.status === 429 || error.status === 408;
}

/** What `fetch` throws quotes the URL, which may be a secret: it is told of by its class. */
function explain(error: unknown, { action, signal }: ActionContext, shown: string): unknown {
  if (signal.aborted) return signal.reason;
  const tries = error instanceof RetryExhaustedError ? ` at attempt ${error.attempts}` : "";
  const last = error instanceof RetryExhaustedError ? error.cause : error;
  const status = last instanceof BadAnswer ? last.status : null;
  const what = last instanceof BadAnswer ? last.message : "got no answer";
  const reason = `${shown} ${what}${tries}`;
  return new ActionFailedError(action, { kind: "http", status, reason });
}
