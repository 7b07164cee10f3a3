import type { HelloMessage, LaggedMessage, UserEventMessage } from "@baton/orchestration/engines";

type Heard = HelloMessage | LaggedMessage | UserEventMessage;

/** What an {@link EventFollower} is made of. */
export interface EventFollowerParts {
  readonly url: string;
  readonly userId: string;
  readonly token: string;
}

/** A page that follows its user's events, and comes back to where it stopped whenever it is cut off. */
export class EventFollower {
  /** The events that it heard, as they came. */
  readonly texts: string[] = [];
  /** What it was told that it missed. */
  readonly missed: LaggedMessage[] = [];
  /** How its connections ended: how often by which code. */
  readonly closes = new Map<number, number>();
  /** What was wrong. */
  readonly faults: string[] = [];
  /** The number of the last event. */
  seen = 0;
  readonly #parts: EventFollowerParts;
  #channel: string | null = null;
  #socket: WebSocket | null = null;

  /** @param parts Whose page it is, and where the events are. */
  constructor(parts: EventFollowerParts) {
    this.#parts = parts;
  }

  /**
   * Connects, if it is not connected.
   *
   * @returns Resolves when it was greeted, or it did not work.
   */
  async connect(): Promise<void> {
    if (this.#socket !== null) return;
    const { url, token } = this.#parts;
    const query = new URLSearchParams({ after: String(this.seen) });
    if (this.#channel !== null) query.set("channel", this.#channel);
    const socket = new WebSocket(`${url}?${query}`, ["baton.events", `baton.token.${token}`]);
    this.#socket = socket;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.onmessage = ({ data }) => {
      this.#account(data);
      resolve();
    };
    socket.onclose = ({ code }) => {
      this.#socket = null;
      this.closes.set(code, (this.closes.get(code) ?? 0) + 1);
      resolve();
    };
    await promise;
  }

  /** Goes away. */
  async leave(): Promise<void> {
    await this.#untilClosed((socket) => socket.close());
  }

  /** Says more than it may, for which the server ends the connection. */
  async offend(): Promise<void> {
    await this.#untilClosed((socket) => socket.send("x".repeat(5_000)));
  }

  async #untilClosed(end: (socket: WebSocket) => void): Promise<void> {
    const socket = this.#socket;
    if (socket === null || socket.readyState !== WebSocket.OPEN) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.addEventListener("close", () => resolve(), { once: true });
    end(socket);
    await promise;
  }

  #account(text: string): void {
    const heard: Heard = JSON.parse(text);
    if (heard.type === "hello") return this.#greet(heard as HelloMessage);
    if (heard.type === "lagged") {
      const { from, to } = heard as LaggedMessage;
      this.#is("begin of what it missed", from, this.seen + 1);
      this.missed.push({ type: "lagged", from, to });
      this.seen = to;
      return;
    }
    const { seq, user_id } = heard as UserEventMessage;
    this.#is("number", seq, this.seen + 1);
    this.#is("user", user_id, this.#parts.userId);
    this.seen = seq;
    this.texts.push(text);
  }

  #greet({ channel, after, resumed }: HelloMessage): void {
    this.#is("place", after, this.seen);
    this.#is("resumed", resumed, this.#channel !== null);
    this.#channel = channel;
  }

  #is(what: string, actual: unknown, expected: unknown): void {
    if (actual === expected) return;
    this.faults.push(`${this.#parts.userId}: ${what} is ${actual}, not ${expected}`);
  }
}
