import { type Clock, systemClock } from "../../clock.ts";
import { checkOptionNames } from "../option_names.ts";
import { InvalidUserEventError, SubscriptionRefusedError } from "./user_event_errors.ts";
import type { UserEventHub } from "./user_event_hub.ts";
import { UserEventSocket } from "./user_event_socket.ts";
import type { UserEventSubscription } from "./user_event_subscription.ts";
import { endpointLimits } from "./endpoint_limits.ts";
import { readUserEventsRequest, type UserEventsRequest } from "./user_events_request.ts";

/** Whoever connects. */
export interface UserEventsUser {
  /** The user, whose events these are. */
  readonly userId: string;
}

/** Options of {@link handleUserEvents}. */
export interface UserEventsEndpointOptions {
  /** Where the events come from. */
  readonly hub: UserEventHub;
  /**
   * Says who connects: null or undefined for nobody known. The application compares the token, which
   * `readUserEventsToken` finds in the request, in constant time.
   */
  readonly authenticate: (
    request: Request,
  ) => UserEventsUser | null | undefined | Promise<UserEventsUser | null | undefined>;
  /**
   * Other origins whose pages may connect, such as "https://app.example". Behind a proxy that ends
   * TLS, list the origin that browsers see.
   *
   * @default []: only pages of this server
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * After how long without a sign of life the client is asked for one; without an answer in as long
   * again, the connection is given up. In seconds, at most 86_400.
   *
   * @default 30
   */
  readonly heartbeatSeconds?: number;
  /**
   * Bytes that may wait to be sent to a slow client before nothing more is added.
   *
   * @default 262_144
   */
  readonly bufferMaxBytes?: number;
  /**
   * Size of a message from the client, in bytes, or characters of a text; a larger one ends the
   * connection. What clients send is ignored.
   *
   * @default 4_096
   */
  readonly messageMaxBytes?: number;
  /**
   * Messages from the client in a minute; more end the connection.
   *
   * @default 60
   */
  readonly messagesPerMinuteMax?: number;
  /**
   * How long `authenticate` may take before the request is refused with 503, in ms.
   *
   * @default 10_000
   */
  readonly authenticateTimeoutMs?: number;
  /**
   * How long a connection may take to open, in ms.
   *
   * @default 10_000
   */
  readonly openTimeoutMs?: number;
  /**
   * The passage of time.
   *
   * @default systemClock
   */
  readonly clock?: Clock;
}

const OPTION_NAMES: Readonly<Record<keyof UserEventsEndpointOptions, true>> = {
  hub: true,
  authenticate: true,
  allowedOrigins: true,
  heartbeatSeconds: true,
  bufferMaxBytes: true,
  messageMaxBytes: true,
  messagesPerMinuteMax: true,
  authenticateTimeoutMs: true,
  openTimeoutMs: true,
  clock: true,
};

/**
 * Answers a request for a user's events with a WebSocket: `GET /any/path?after=N&channel=ID`.
 *
 * The server says, as JSON texts: first `{"type":"hello","channel","after","resumed"}`; then each
 * event once and in order, `{"seq","type","run_id","user_id","agent_name","timestamp","data"}`; and
 * in place of events that are not kept any more `{"type":"lagged","from","to"}`. A client that comes
 * back gives the last number it saw, and the channel that `hello` named; `resumed` says whether it goes
 * on there. If not, or without a channel, it gets all that is kept, for its number means nothing here.
 * Without `after` it gets what comes from now on, with `after=0` all that is kept.
 *
 * Refused before it is opened: 400 (bad `after`), 401 (not known), 403 (foreign origin), 426 (no
 * WebSocket), 429 (the user has too many connections), 503 (`authenticate` failed or took too long, or
 * the server has no room); browsers show all of these as code 1006. Closed by the server: 1001 (the
 * hub is closed), 1008 (too many messages from the client), 1009 (too large a message).
 *
 * Not guaranteed: that a message larger than allowed is not first received whole, which the runtime
 * bounds at 64 MiB; and that a token stays valid: it is compared once, when the connection opens.
 *
 * @param request The request.
 * @param options The hub, who may connect, and the bounds.
 * @returns The answer for `Deno.serve`.
 * @throws {InvalidRecordError} when there is no such option.
 * @throws {RangeError} when an option is out of range.
 *
 * @example An endpoint for pages of this server
 * ```ts
 * import {
 *   handleUserEvents,
 *   readUserEventsToken,
 *   UserEventHub,
 * } from "@baton/orchestration/engines";
 *
 * using hub = new UserEventHub();
 * const users = new Map([["a-long-random-token", "u-81"]]);
 * const authenticate = (request: Request) => {
 *   const userId = users.get(readUserEventsToken(request) ?? "");
 *   return userId === undefined ? null : { userId };
 * };
 * const handler = (request: Request) => handleUserEvents(request, { hub, authenticate });
 * const response = await handler(new Request("http://127.0.0.1/events"));
 * if (response.status !== 426) throw new Error("not a WebSocket");
 * ```
 */
export async function handleUserEvents(
  request: Request,
  options: UserEventsEndpointOptions,
): Promise<Response> {
  checkOptionNames("handleUserEvents", options, OPTION_NAMES);
  const limits = endpointLimits(options);
  const asked = readUserEventsRequest(request, options.allowedOrigins ?? []);
  if (asked.kind === "refused") return refuse(options.hub, asked.status, asked.reason);
  const userId = await userIdOf(request, options, limits.authenticateTimeoutMs);
  if (userId instanceof Response) return userId;
  const subscription = subscribe(options.hub, userId, asked);
  if (subscription instanceof Response) return subscription;
  try {
    const { socket, response } = Deno.upgradeWebSocket(request, {
      // The runtime asks after half of it, and gives up after all of it.
      idleTimeout: 2 * limits.heartbeatSeconds,
      ...(asked.protocol === null ? {} : { protocol: asked.protocol }),
    });
    socket.binaryType = "arraybuffer";
    const { hub, clock = systemClock } = options;
    new UserEventSocket({ ...limits, socket, subscription, hub, clock }).start();
    return response;
  } catch {
    subscription.close();
    return refuse(options.hub, 400, "The WebSocket handshake is not valid");
  }
}

async function userIdOf(
  request: Request,
  { hub, authenticate, clock = systemClock }: UserEventsEndpointOptions,
  timeoutMs: number,
): Promise<string | Response> {
  const late = Promise.withResolvers<never>();
  const cancelTimer = clock.after(timeoutMs, () => late.reject(new Error("It took too long")));
  try {
    const user = await Promise.race([authenticate(request), late.promise]);
    return user?.userId ?? refuse(hub, 401, "Who are you?");
  } catch {
    return refuse(hub, 503, "Cannot tell who you are; try again later");
  } finally {
    cancelTimer();
  }
}

function subscribe(
  hub: UserEventHub,
  userId: string,
  asked: Extract<UserEventsRequest, { kind: "accepted" }>,
): UserEventSubscription | Response {
  try {
    return hub.subscribe(userId, asked.from);
  } catch (error) {
    if (error instanceof InvalidUserEventError) return refuse(hub, 401, "Who are you?");
    if (!(error instanceof SubscriptionRefusedError)) throw error;
    const status = error.reason === "too_many_subscribers" ? 429 : 503;
    // The hub has counted it.
    return new Response(error.message, { status });
  }
}

function refuse(hub: UserEventHub, status: number, reason: string): Response {
  hub.count("subscriptions_refused_total");
  return new Response(reason, {
    status,
    headers: status === 426 ? { upgrade: "websocket", connection: "upgrade" } : {},
  });
}
