import assert from "node:assert/strict";
import fc from "fast-check";
import { CircuitBreaker } from "../../health/circuit_breaker.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { checkAsyncProperty } from "../support/property.ts";

/** One thing that happens: to the breaker, or to the nth of the calls under way. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("call"), heeds: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("succeed"), nth: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("fail"), nth: fc.nat(3) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("giveUp"), nth: fc.nat(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("open"), ms: fc.integer({ min: 1, max: 200 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("close") }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("setClock"), ms: fc.integer() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("suspend") }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("wait"), ms: fc.nat(150) }) },
);
type Step = Partial<Record<"nth" | "ms", number>> & { kind: string; heeds?: boolean };

const by = { actor: "ada", reason: "drill" };
const limits = { failureThreshold: 1, cooldownMs: 50, cooldownMaxMs: 200, halfOpenMaxCalls: 2 };

class Story {
  readonly clock = new FakeClock({ settle });
  readonly breaker = new CircuitBreaker("orders", {
    ...limits,
    clock: this.clock,
    random: () => 0,
  });
  readonly #underWay: (PromiseWithResolvers<string> & { caller: AbortController })[] = [];

  async tell({ kind, nth = 0, ms = 0, heeds = false }: Step): Promise<void> {
    const call = this.#underWay.at(-1 - nth);
    if (kind === "call") this.#call(heeds);
    if (kind === "succeed") call?.resolve("up");
    if (kind === "fail") call?.reject(new Error("down"));
    if (kind === "giveUp") call?.caller.abort(new Error("never mind"));
    if (kind === "open") this.breaker.open({ ...by, holdMs: ms });
    if (kind === "close") this.breaker.close(by);
    if (kind === "setClock") this.clock.jumpWall(ms);
    if (kind === "suspend") this.clock.freeze(3_600_000);
    await this.clock.advance(kind === "wait" ? ms : 0);
    await settle();
  }

  #call(heeds: boolean): void {
    const call = { ...Promise.withResolvers<string>(), caller: new AbortController() };
    call.promise.catch(() => {}); // A breaker that refuses never asks for it.
    this.#underWay.push(call);
    const run = (signal: AbortSignal) => {
      if (heeds) signal.addEventListener("abort", () => call.reject(signal.reason));
      return call.promise;
    };
    this.breaker.execute(run, { signal: call.caller.signal }).catch(() => {});
  }
}

Deno.test("CircuitBreaker keeps its cap of probes, and closes again however calls end", async () => {
  await checkAsyncProperty(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: "max" }), async (steps) => {
      const story = new Story();
      let generation = 0;
      for (const each of steps) {
        await story.tell(each);
        const { state } = story.breaker;
        assert.ok(state.generation >= generation);
        generation = state.generation;
        if (state.kind !== "HALF_OPEN") continue;
        assert.ok(state.inFlight >= 0 && state.inFlight <= limits.halfOpenMaxCalls);
      }
      await assertHeals(story);
    }),
    1_000,
  );
});

/** Calls that never ended must not keep it open: their places come back with their deadlines. */
async function assertHeals({ clock, breaker }: Story): Promise<void> {
  if (breaker.state.kind === "OPEN" && breaker.state.manual) breaker.close(by);
  for (let round = 0; round < 6; round++) {
    await clock.advance(limits.cooldownMaxMs);
    await breaker.execute(() => "up").catch(() => {});
  }
  assert.equal(breaker.state.kind, "CLOSED");
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await null;
}
