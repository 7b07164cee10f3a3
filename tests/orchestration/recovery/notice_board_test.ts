import assert from "node:assert/strict";
import {
  NoticeBoard,
  type NoticeBoardOptions,
} from "../../../orchestration/recovery/notice_board.ts";
import type { Notifier, RecoveryNotice } from "../../../orchestration/recovery/notifier.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { aNotice } from "./a_notice.ts";

function setUp(notifiers: Notifier[], options: Partial<NoticeBoardOptions> = {}) {
  const clock = new FakeClock();
  const board = new NoticeBoard({ notifiers, clock, timeoutMs: 1_000, ...options });
  return { clock, board };
}

/** Keeps the texts of what it is told. */
function listening(): Notifier & { readonly texts: string[] } {
  const texts: string[] = [];
  return { texts, notify: ({ text }) => void texts.push(text) };
}

/** Never answers; heeds its signal or not. */
function hanging(heedsSignal: boolean): Notifier & { readonly signals: AbortSignal[] } {
  const signals: AbortSignal[] = [];
  const notify = (_notice: RecoveryNotice, { signal }: { signal: AbortSignal }) => {
    signals.push(signal);
    return new Promise<void>((_, reject) => {
      if (heedsSignal) signal.addEventListener("abort", () => reject(signal.reason));
    });
  };
  return { signals, notify };
}

Deno.test("NoticeBoard tells everybody in order, after its caller, whatever one of them does", async () => {
  const good = listening();
  const bad = {
    notify: () => {
      throw Object.create(null);
    },
  };
  const rejecting = { notify: () => Promise.reject(new Error("x".repeat(500))) };
  const hung = hanging(true);
  const { board, clock } = setUp([bad, hung, rejecting, good], { settleMs: 0 });
  for (const text of ["1", "2", "3"]) board.tell(aNotice({ text }));
  assert.deepEqual(good.texts, []);
  await clock.advance(0);
  assert.deepEqual(good.texts, ["1", "2", "3"]);
  assert.equal(hung.signals.length, 1, "one at a time");
  const { last_notifier_fault, ...counts } = board.metrics;
  assert.deepEqual(counts, {
    notices_told_total: 3,
    notices_dropped_total: 0,
    notices_pending: 3,
    notifier_faults_total: 6,
  });
  assert.equal(last_notifier_fault?.length, 200);
});

Deno.test("NoticeBoard ends an attempt that takes too long, and goes on", async () => {
  const hung = hanging(true);
  const { board, clock } = setUp([hung]);
  board.tell(aNotice());
  board.tell(aNotice());
  await clock.advance(999);
  assert.equal(hung.signals[0]?.aborted, false);
  await clock.advance(1);
  assert.equal(hung.signals[0]?.aborted, true);
  assert.equal(hung.signals.length, 2);
  assert.equal(board.metrics.last_notifier_fault, "TimeoutError: no answer within 1000 ms");
  await clock.advance(1_000);
  assert.equal(board.metrics.notices_pending, 0);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("NoticeBoard drops and counts what is beyond its bound, calls that hang included", async () => {
  const hung = hanging(false);
  const good = listening();
  const { board, clock } = setUp([hung, good], { pendingMax: 3 });
  for (let n = 0; n < 5; n++) board.tell(aNotice());
  assert.equal(board.metrics.notices_dropped_total, 4);
  await clock.advance(10_000);
  assert.equal(hung.signals.length, 3);
  assert.equal(board.metrics.notices_pending, 3);
  board.tell(aNotice());
  await clock.advance(0);
  assert.equal(hung.signals.length, 3);
  assert.equal(good.texts.length, 4);
  assert.equal(board.metrics.notices_dropped_total, 5);
});

Deno.test("NoticeBoard may be told by a notifier", async () => {
  const texts: string[] = [];
  const { board } = setUp([{
    notify: ({ text }) => {
      texts.push(text);
      if (text === "1") board.tell(aNotice({ text: "2" }));
    },
  }]);
  board.tell(aNotice({ text: "1" }));
  await board.settle();
  assert.deepEqual(texts, ["1", "2"]);
});

Deno.test("NoticeBoard settles when all are told, or its time is up", async () => {
  const gate = Promise.withResolvers<void>();
  const { board, clock } = setUp([{ notify: () => gate.promise }], {
    settleMs: 100,
    timeoutMs: 60_000,
  });
  await board.settle();
  board.tell(aNotice());
  let settled = 0;
  const first = board.settle().then(() => settled++);
  await clock.advance(99);
  assert.equal(settled, 0);
  await clock.advance(1);
  await first;
  const second = board.settle();
  gate.resolve();
  await second;
  assert.equal(board.metrics.notices_told_total, 1);
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("NoticeBoard drops and counts what is left when it is disposed, and what comes later", async () => {
  const hung = hanging(true);
  const { board, clock } = setUp([hung], { settleMs: 100 });
  for (let n = 0; n < 3; n++) board.tell(aNotice());
  const done = board[Symbol.asyncDispose]();
  await clock.advance(100);
  await done;
  assert.equal(hung.signals[0]?.aborted, true);
  board.tell(aNotice());
  const { notices_dropped_total, notifier_faults_total, last_notifier_fault } = board.metrics;
  assert.deepEqual([notices_dropped_total, notifier_faults_total], [3, 1]);
  assert.equal(last_notifier_fault, "AbortError: the board was closed");
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("NoticeBoard refuses bounds that are out of range", () => {
  for (
    const options of [{ timeoutMs: 0 }, { pendingMax: 0 }, { settleMs: -1 }, { settleMs: NaN }]
  ) {
    const [name = ""] = Object.keys(options);
    assert.throws(() => setUp([], options), { name: "RangeError", message: new RegExp(name) });
  }
});
