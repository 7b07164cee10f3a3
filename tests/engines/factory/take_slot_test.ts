import assert from "node:assert/strict";
import { runInContext, setContextChecks } from "../../../engines/context/current_context.ts";
import {
  type EngineFactoryCounts,
  type EngineFactoryState,
  newEngineFactoryCounts,
} from "../../../engines/factory/engine_factory_metrics.ts";
import { takeSlot } from "../../../engines/factory/take_slot.ts";
import { UserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { runOf } from "./factory_case.ts";

function termsOf(state: EngineFactoryState = "running", perUserMax = 2, enginesMax = 10) {
  const userLimits = new UserEngineLimits({ perUserMax, enginesMax });
  return { state, userLimits, counts: newEngineFactoryCounts() };
}

Deno.test("takeSlot takes a place of the context's user and run, and counts nothing", () => {
  const terms = termsOf();
  takeSlot(runOf("ada", "r-1"), terms);
  assert.equal(terms.userLimits.liveOf("ada"), 1);
  assert.throws(() => terms.userLimits.take("ada", "r-1"), { code: "USER_ISOLATION" });
  assert.deepEqual(terms.counts, newEngineFactoryCounts());
});

Deno.test("takeSlot refuses what must not be, and counts each refusal once by its reason", () => {
  const cases: [
    name: string,
    terms: ReturnType<typeof termsOf>,
    context: unknown,
    error: object,
    counter: keyof EngineFactoryCounts,
  ][] = [
    ["no context", termsOf(), {}, { name: "TypeError" }, "invalid_context_rejections"],
    [
      "a draining factory",
      termsOf("draining"),
      runOf("ada"),
      { code: "FACTORY_CLOSED", message: "Cannot create an engine: the factory is draining" },
      "closed_rejections",
    ],
    [
      "a live run",
      termsOf(),
      runOf("eve", "r-0"),
      { code: "USER_ISOLATION" },
      "duplicate_run_rejections",
    ],
    [
      "too many of the user",
      termsOf("running", 1),
      runOf("eve"),
      { code: "ENGINE_LIMIT", bound: "user" },
      "user_limit_rejections",
    ],
    [
      "too many of all",
      termsOf("running", 1, 1),
      runOf("ada"),
      { code: "ENGINE_LIMIT", bound: "process" },
      "process_limit_rejections",
    ],
  ];
  for (const [name, terms, context, error, counter] of cases) {
    terms.userLimits.take("eve", "r-0");
    assert.throws(() => takeSlot(context, terms), error, name);
    assert.deepEqual(terms.counts, { ...newEngineFactoryCounts(), [counter]: 1 }, name);
    assert.equal(terms.userLimits.size, 1, name);
  }
});

Deno.test("takeSlot refuses another user's current context while that is checked", () => {
  const terms = termsOf();
  const context = runOf("ada");
  const take = () => takeSlot(context, terms);
  const wasOn = setContextChecks(true);
  try {
    assert.throws(() => runInContext(runOf("bob"), take), { name: "ContextIsolationError" });
    assert.equal(terms.counts.invalid_context_rejections, 1);
    runInContext(runOf("ada"), take).release();
  } finally {
    setContextChecks(wasOn);
  }
  runInContext(runOf("bob"), take);
});
