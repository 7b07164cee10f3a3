/** One frame of HTTP/2 as it goes over the line, header included. */
export interface Http2Frame {
  readonly bytes: Uint8Array;
  /** Whether it begins a request or a reply: a HEADERS frame. */
  readonly isHead: boolean;
}

const FRAME_HEAD_BYTES = 9;
const TYPE_AT = 3;
const HEADERS = 1;
/** What a client sends before its first frame. */
export const HTTP2_PREFACE: Uint8Array = new TextEncoder().encode(
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
);

/**
 * Cuts what arrives on one side of an HTTP/2 connection into its frames. Trailers begin with a
 * HEADERS frame too, so it is made for a protocol that has none, as KV Connect.
 */
export class Http2Frames {
  #rest: Uint8Array = new Uint8Array();
  #hasPreface: boolean;

  /** @param from Who sends: a client begins with a preface. */
  constructor(from: "client" | "server") {
    this.#hasPreface = from === "client";
  }

  /** @returns The frames that are complete now; the preface counts as one. */
  push(bytes: Uint8Array): Http2Frame[] {
    this.#rest = concat(this.#rest, bytes);
    const frames: Http2Frame[] = [];
    for (let n = this.#nextBytes(); n <= this.#rest.length; n = this.#nextBytes()) {
      const isHead = !this.#hasPreface && this.#rest[TYPE_AT] === HEADERS;
      frames.push({ bytes: this.#rest.slice(0, n), isHead });
      this.#rest = this.#rest.slice(n);
      this.#hasPreface = false;
    }
    return frames;
  }

  /** How long the next frame is, or at least must be. */
  #nextBytes(): number {
    if (this.#hasPreface) return HTTP2_PREFACE.length;
    if (this.#rest.length < FRAME_HEAD_BYTES) return Infinity;
    const [high, middle, low] = this.#rest as unknown as [number, number, number];
    return FRAME_HEAD_BYTES + (high << 16) + (middle << 8) + low;
  }
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
