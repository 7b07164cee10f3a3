import assert from "node:assert/strict";
import type { CommandGroup } from "../../cli/command_group.ts";
import { superviseGroup } from "../../cli/supervise_group.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

interface FakeGroupOptions {
  /** What kills it. */
  readonly diesOf: Deno.Signal;
  /** Whether something is left when the command has ended. */
  readonly leftovers?: boolean;
}

function setUp(options: FakeGroupOptions) {
  const clock = new FakeClock();
  const lost = new AbortController();
  const ended = Promise.withResolvers<number>();
  const signals: string[] = [];
  let alive = true;
  const end = (code: number) => {
    alive = options.leftovers ?? false;
    ended.resolve(code);
  };
  const group: CommandGroup = {
    pid: 7,
    ended: ended.promise,
    signal: (signal) => {
      if (signal !== 0 && alive) signals.push(signal);
      const wasAlive = alive;
      if (signal === options.diesOf && alive) {
        alive = false;
        ended.resolve(143);
      }
      return wasAlive;
    },
  };
  const reasons: unknown[] = [];
  const outcome = superviseGroup(group, {
    lost: lost.signal,
    graceMs: 100,
    clock,
    onLost: (reason) => reasons.push(reason),
  });
  return { clock, lost, signals, reasons, outcome, end };
}

Deno.test("superviseGroup gives the command's code", async () => {
  const { clock, signals, outcome, end } = setUp({ diesOf: "SIGTERM" });
  end(5);
  await clock.advance(0);
  assert.deepEqual(await outcome, { code: 5, lost: false });
  assert.deepEqual(signals, []);
});

Deno.test("superviseGroup ends what the command leaves behind, and keeps its code", async () => {
  const { clock, signals, outcome, end } = setUp({ diesOf: "SIGKILL", leftovers: true });
  end(5);
  await clock.advance(100);
  assert.deepEqual(await outcome, { code: 5, lost: false });
  assert.deepEqual(signals, ["SIGTERM", "SIGCONT", "SIGKILL"]);
});

Deno.test("superviseGroup ends the group when leadership is lost", async () => {
  const { clock, lost, signals, reasons, outcome } = setUp({ diesOf: "SIGTERM" });
  lost.abort("deposed");
  await clock.advance(20);
  assert.deepEqual(await outcome, { code: 143, lost: true });
  assert.deepEqual(reasons, ["deposed"]);
  assert.deepEqual(signals, ["SIGTERM"]);
});

Deno.test("superviseGroup kills what does not listen, after the grace", async () => {
  const { clock, lost, signals, outcome } = setUp({ diesOf: "SIGKILL" });
  lost.abort("deposed");
  await clock.advance(99);
  assert.deepEqual(signals, ["SIGTERM", "SIGCONT"]);
  await clock.advance(1);
  assert.deepEqual(await outcome, { code: 143, lost: true });
  assert.deepEqual(signals, ["SIGTERM", "SIGCONT", "SIGKILL"]);
  assert.equal(clock.sleeperCount, 0);
});
