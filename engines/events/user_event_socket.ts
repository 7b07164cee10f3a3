import type { Clock } from "../../clock.ts";
import type { UserEventHub } from "./user_event_hub.ts";
import type { UserEventDelivery, UserEventSubscription } from "./user_event_subscription.ts";

/** The part of a WebSocket that a {@link UserEventSocket} uses. */
export type SocketPort = Pick<
  WebSocket,
  "readyState" | "bufferedAmount" | "send" | "close" | "addEventListener"
>;

/** Bounds of a {@link UserEventSocket}. */
export interface UserEventSocketLimits {
  /** Bytes that may wait to be sent before nothing more is added. */
  readonly bufferMaxBytes: number;
  /** Bytes of a message from the client. */
  readonly messageMaxBytes: number;
  /** Messages from the client in a minute. */
  readonly messagesPerMinuteMax: number;
  /** How long the connection may take to open, in ms. */
  readonly openTimeoutMs: number;
}

/** What a {@link UserEventSocket} is made of. */
export interface UserEventSocketParts extends UserEventSocketLimits {
  /** The connection. */
  readonly socket: SocketPort;
  /** What is sent over it. */
  readonly subscription: UserEventSubscription;
  /** Counts what goes wrong. */
  readonly hub: Pick<UserEventHub, "count">;
  /** Says when to look again at a connection that is behind. */
  readonly clock: Clock;
}

/** Why the server ends a connection: codes of RFC 6455. */
export const USER_EVENTS_CLOSE = {
  /** The hub is closed, as when the server shuts down: connect again later. */
  GOING_AWAY: 1001,
  /** The client sent more messages than allowed. */
  POLICY: 1008,
  /** The client sent a message that is too large. */
  TOO_LARGE: 1009,
} as const;

const OPEN = 1;

/** How often a connection that is behind is looked at: a WebSocket does not say when it has drained. */
const DRAIN_POLL_MS = 50;

const MINUTE_MS = 60_000;

/** How long a client that says too much has to come to an end of it, in ms. */
const DISMISS_MS = 100;

/**
 * Sends a subscription over a WebSocket, as fast as the client takes it and no faster: what is not
 * sent stays in the channel's bounded history. What the client says is bounded and ignored.
 */
export class UserEventSocket {
  readonly #parts: UserEventSocketParts;
  #isEnded = false;
  #cancelTimer: () => void = () => {};
  #isWaiting = false;
  #minuteStartMs = -Infinity;
  #messages = 0;

  /** @param parts The connection, and what is sent over it. */
  constructor(parts: UserEventSocketParts) {
    this.#parts = parts;
  }

  /** Begins to listen to both sides. */
  start(): void {
    const { socket, subscription, clock, openTimeoutMs } = this.#parts;
    socket.addEventListener("open", () => this.#open());
    socket.addEventListener("close", () => this.#end());
    socket.addEventListener("error", () => this.#end());
    socket.addEventListener("message", (event) => this.#receive((event as MessageEvent).data));
    subscription.listen({
      ready: () => this.#pump(),
      closed: () => this.#close(USER_EVENTS_CLOSE.GOING_AWAY, "closing"),
    });
    this.#cancelTimer = clock.after(openTimeoutMs, () => this.#end());
    if (socket.readyState === OPEN) this.#open();
  }

  #open(): void {
    if (this.#isEnded) return this.#close(USER_EVENTS_CLOSE.GOING_AWAY, "too late");
    this.#cancelTimer();
    if (this.#send(JSON.stringify(this.#parts.subscription.hello))) this.#pump();
  }

  /** Sends what there is, until it is all sent or the connection is behind. */
  #pump(): void {
    const { socket, subscription, bufferMaxBytes } = this.#parts;
    if (this.#isEnded || this.#isWaiting || socket.readyState !== OPEN) return;
    while (socket.bufferedAmount < bufferMaxBytes) {
      const delivery = subscription.take();
      if (delivery === null || !this.#deliver(delivery)) return;
    }
    this.#waitToDrain();
  }

  #waitToDrain(): void {
    this.#isWaiting = true;
    this.#cancelTimer = this.#parts.clock.after(DRAIN_POLL_MS, () => {
      this.#isWaiting = false;
      this.#pump();
    });
  }

  #deliver(delivery: UserEventDelivery): boolean {
    if (delivery.kind === "lagged") return this.#send(JSON.stringify(delivery.notice));
    const isSent = this.#send(delivery.text);
    if (!isSent) this.#parts.hub.count("deliveries_failed_total");
    return isSent;
  }

  #send(text: string): boolean {
    try {
      this.#parts.socket.send(text);
      return true;
    } catch {
      this.#end();
      return false;
    }
  }

  #receive(message: unknown): void {
    const { clock, messageMaxBytes, messagesPerMinuteMax } = this.#parts;
    if (this.#isEnded) return;
    if (sizeOf(message) > messageMaxBytes) {
      return this.#dismiss(USER_EVENTS_CLOSE.TOO_LARGE, "message too large");
    }
    const nowMs = clock.monotonic();
    if (nowMs - this.#minuteStartMs >= MINUTE_MS) {
      this.#minuteStartMs = nowMs;
      this.#messages = 0;
    }
    if (++this.#messages > messagesPerMinuteMax) {
      this.#dismiss(USER_EVENTS_CLOSE.POLICY, "too many messages");
    }
  }

  /**
   * Closes the connection, but not at once: when messages still come after that, the runtime drops
   * it, and the client sees no code.
   */
  #dismiss(code: number, reason: string): void {
    this.#end();
    this.#cancelTimer = this.#parts.clock.after(DISMISS_MS, () => this.#close(code, reason));
  }

  #close(code: number, reason: string): void {
    this.#end();
    try {
      this.#parts.socket.close(code, reason);
    } catch {
      // It is closed already.
    }
  }

  #end(): void {
    this.#isEnded = true;
    this.#cancelTimer();
    this.#parts.subscription.close();
  }
}

/** @returns The size of a message: characters of a text, which are at most its bytes. */
function sizeOf(message: unknown): number {
  if (typeof message === "string") return message.length;
  return message instanceof ArrayBuffer ? message.byteLength : Infinity;
}
