import type { ResumePoint } from "./user_event_channel.ts";

/** The subprotocol that a client names, and that the server agrees to. */
export const USER_EVENTS_PROTOCOL = "baton.events";

/** What a client puts before its token when it sends it as a subprotocol. */
const TOKEN_PREFIX = "baton.token.";

/** What a request for events asks for, or why it is refused. */
export type UserEventsRequest =
  | {
    /** It may go on. */
    readonly kind: "accepted";
    /** Where the client stopped. */
    readonly from: ResumePoint;
    /** The subprotocol to agree to; null when the client named none of ours. */
    readonly protocol: string | null;
  }
  | {
    /** It is refused. */
    readonly kind: "refused";
    /** The HTTP status. */
    readonly status: 400 | 403 | 426;
    /** Why. */
    readonly reason: string;
  };

/**
 * Reads a request for events. A page of another origin is refused unless it is listed, for a browser
 * lets any page open a WebSocket. A request without `Origin` is not from a page.
 *
 * @param request The request.
 * @param allowedOrigins Other origins whose pages may connect, such as "https://app.example".
 * @returns What it asks for.
 */
export function readUserEventsRequest(
  request: Request,
  allowedOrigins: readonly string[],
): UserEventsRequest {
  if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return { kind: "refused", status: 426, reason: "Connect with a WebSocket" };
  }
  const url = new URL(request.url);
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== url.origin && !allowedOrigins.includes(origin)) {
    return { kind: "refused", status: 403, reason: "This origin is not allowed" };
  }
  const after = url.searchParams.get("after");
  if (after !== null && !/^\d{1,15}$/.test(after)) {
    return { kind: "refused", status: 400, reason: "after must be a whole number from 0" };
  }
  return {
    kind: "accepted",
    from: {
      after: after === null ? null : Number(after),
      channel: url.searchParams.get("channel"),
    },
    protocol: protocolsOf(request).includes(USER_EVENTS_PROTOCOL) ? USER_EVENTS_PROTOCOL : null,
  };
}

/**
 * Reads the token of a request for events, for the application to compare: from the subprotocols, as
 * `new WebSocket(url, ["baton.events", "baton.token." + token])` sends it, or else from the query, as
 * `?token=`. A query may end up in the logs of proxies; subprotocols hold only letters, digits and
 * `!#$%&'*+-.^_|~` with the backtick, so encode other tokens, as base64url for example.
 *
 * @param request The request.
 * @returns The token; null when there is none.
 *
 * @example A token as a subprotocol
 * ```ts
 * import { readUserEventsToken } from "@baton/orchestration/engines";
 *
 * const headers = { "sec-websocket-protocol": "baton.events, baton.token.abc" };
 * const token = readUserEventsToken(new Request("https://app.example/events", { headers }));
 * if (token !== "abc") throw new Error("unexpected");
 * ```
 */
export function readUserEventsToken(request: Request): string | null {
  const protocol = protocolsOf(request).find((one) => one.startsWith(TOKEN_PREFIX));
  const token = protocol?.slice(TOKEN_PREFIX.length) ??
    new URL(request.url).searchParams.get("token");
  return token || null;
}

function protocolsOf(request: Request): string[] {
  const header = request.headers.get("sec-websocket-protocol") ?? "";
  return header.split(",").map((protocol) => protocol.trim());
}
