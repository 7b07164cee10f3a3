/** A socket whose buffer only a test drains. */
export class FakeSocket extends EventTarget {
  readyState = 0;
  bufferedAmount = 0;
  isBroken = false;
  readonly sent: { type: string; seq?: number; from?: number; to?: number }[] = [];
  readonly closedWith: unknown[] = [];

  send(text: string): void {
    if (this.isBroken) throw new DOMException("broken", "InvalidStateError");
    this.bufferedAmount += text.length;
    this.sent.push(JSON.parse(text));
  }

  close(code: number, reason: string): void {
    this.readyState = 2;
    this.closedWith.push([code, reason]);
  }

  open(): void {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data }));
  }

  /** What was sent since, in short. */
  takeSent(): (string | number)[] {
    return this.sent.splice(0).map(({ type, seq, from, to }) =>
      type === "lagged" ? `${from}-${to}` : seq ?? type
    );
  }
}
