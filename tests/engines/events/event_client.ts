import assert from "node:assert/strict";

/** What a client of the endpoint reads. */
export interface Heard {
  readonly type: string;
  readonly seq: number;
  readonly user_id: string;
  readonly channel: string;
  readonly after: number;
  readonly resumed: boolean;
  readonly from: number;
  readonly to: number;
  readonly data: { readonly n: number; readonly owner: string };
}

/** A client that keeps its place through reconnects, and accounts for every number. */
export class EventClient {
  /** The last number it accounts for. */
  seen = 0;
  /** Events it saw. */
  events = 0;
  /** Events that `lagged` accounts for. */
  missed = 0;
  /** How often it connected. */
  connections = 0;
  /** What went wrong. */
  readonly faults: string[] = [];
  readonly #url: string;
  readonly #userId: string;
  readonly #changed: () => void;
  #channel: string | null = null;
  #socket: WebSocket | null = null;

  /** @param url Where the events are. */
  constructor(url: string, userId: string, changed: () => void) {
    this.#url = url;
    this.#userId = userId;
    this.#changed = changed;
  }

  /** Connects, and goes on where it stopped. */
  connect(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const query = new URLSearchParams({ after: String(this.seen) });
    if (this.#channel !== null) query.set("channel", this.#channel);
    const socket = new WebSocket(`${this.#url}?${query}`, [
      "baton.events",
      `baton.token.${this.#userId}`,
    ]);
    this.#socket = socket;
    this.connections++;
    socket.onerror = () => reject(new Error(`cannot connect as ${this.#userId}`));
    socket.onmessage = ({ data }) => {
      if (this.#socket !== socket) return;
      const heard: Heard = JSON.parse(data);
      if (heard.type === "hello") resolve();
      this.#hear(heard);
      this.#changed();
    };
    return promise;
  }

  /** Goes away; what arrives later is not heard. */
  async leave(): Promise<void> {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    socket.onclose = () => resolve();
    socket.close();
    await promise;
  }

  #hear(heard: Heard): void {
    try {
      this.#account(heard);
    } catch (error) {
      this.faults.push(`${this.#userId}: ${error}`);
    }
  }

  #account(heard: Heard): void {
    if (heard.type === "hello") {
      if (this.#channel !== null) assert.equal(heard.resumed, true);
      assert.equal(heard.after, this.seen);
      this.#channel = heard.channel;
    } else if (heard.type === "lagged") {
      assert.equal(heard.from, this.seen + 1);
      this.missed += heard.to - heard.from + 1;
      this.seen = heard.to;
    } else {
      assert.equal(heard.seq, this.seen + 1);
      assert.deepEqual([heard.user_id, heard.data.owner], [this.#userId, this.#userId]);
      assert.equal(heard.data.n, heard.seq);
      this.events++;
      this.seen = heard.seq;
    }
  }
}
