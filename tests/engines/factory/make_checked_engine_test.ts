import assert from "node:assert/strict";
import { isPromise } from "node:util/types";
import * as compat from "../../../compat/engines.ts";
import type { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { newEngineFactoryCounts } from "../../../engines/factory/engine_factory_metrics.ts";
import { ExecutionEngineFactoryError } from "../../../engines/factory/execution_engine_factory_errors.ts";
import type { EngineMaker } from "../../../engines/factory/execution_engine_factory_options.ts";
import {
  type EngineMaking,
  makeCheckedEngine,
} from "../../../engines/factory/make_checked_engine.ts";
import { EngineGuardError } from "../../../engines/guard/engine_guard_error.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { impostors } from "../guard/impostors.ts";
import { runOf } from "./factory_case.ts";

function makingOf(makeEngine: (context: UserExecutionContext) => unknown) {
  const clock = new FakeClock();
  const known = new Set<UserExecutionEngine>();
  const making: EngineMaking = {
    makeEngine: (({ context }) => makeEngine(context)) as EngineMaker,
    makeTimeoutMs: 100,
    parts: { agents: new Map() },
    clock,
    counts: newEngineFactoryCounts(),
    isKnown: (engine) => known.has(engine),
  };
  return { clock, known, making };
}

function engineOf(context: UserExecutionContext): UserExecutionEngine {
  return new UserExecutionEngine({ context, agents: new Map() });
}

async function refusalOf(context: UserExecutionContext, making: EngineMaking) {
  const error: unknown = await makeCheckedEngine(context, making).catch((error) => error);
  if (error instanceof ExecutionEngineFactoryError) return error;
  throw new Error("it was made", { cause: error });
}

Deno.test("makeCheckedEngine returns a genuine engine of the context, made at once or later", async () => {
  const makers: [name: string, make: (context: UserExecutionContext) => unknown][] = [
    ["at once", engineOf],
    ["later", (context) => Promise.resolve(engineOf(context))],
    ["by what only behaves like a promise", (context) => ({
      then: (resolve: (engine: UserExecutionEngine) => void) => resolve(engineOf(context)),
    })],
  ];
  for (const [name, make] of makers) {
    const context = runOf("ada");
    const { clock, making } = makingOf(make);
    assert.equal((await makeCheckedEngine(context, making)).context, context, name);
    assert.equal(making.counts.ssot_validations_performed, 1);
    assert.equal(making.counts.user_isolation_validations, 1);
    assert.equal(clock.sleeperCount, 0);
  }
});

Deno.test("makeCheckedEngine refuses every impostor, with what the guard said", async () => {
  for (const { name, value, found } of impostors()) {
    // A maker's promise is waited for: what it resolves to is what it made.
    if (isPromise(value)) continue;
    const { making } = makingOf(() => value);
    const error = await refusalOf(runOf("ada"), making);
    assert.equal(error.code, "SSOT_VALIDATION", name);
    assert.ok(error.cause instanceof EngineGuardError, name);
    assert.equal(error.cause.found, found, name);
  }
});

Deno.test("makeCheckedEngine refuses another context's engine and leaves it at work", async () => {
  const other = engineOf(runOf("bob"));
  const { making } = makingOf(() => other);
  const error = await refusalOf(runOf("ada"), making);
  assert.equal(error.code, "USER_ISOLATION");
  assert.doesNotMatch(error.message, /bob/);
  assert.equal(other.isActive, true);
});

Deno.test("makeCheckedEngine refuses an engine that is registered, and leaves it at work", async () => {
  const context = runOf("ada");
  const engine = engineOf(context);
  const { known, making } = makingOf(() => engine);
  known.add(engine);
  assert.equal((await refusalOf(context, making)).code, "ENGINE_CREATION_FAILED");
  assert.equal(engine.isActive, true);
});

Deno.test("makeCheckedEngine refuses an engine that was cleaned up", async () => {
  const context = runOf("ada");
  const engine = engineOf(context);
  await engine.cleanup();
  const { making } = makingOf(() => engine);
  assert.equal((await refusalOf(context, making)).code, "ENGINE_CREATION_FAILED");
});

Deno.test("makeCheckedEngine says why nothing could be made", async () => {
  const cause = new Error("the database is gone");
  const makers: [name: string, make: () => unknown, cause: (thrown: unknown) => boolean][] = [
    ["it throws", () => {
      throw cause;
    }, (thrown) => thrown === cause],
    ["it rejects", () => Promise.reject(cause), (thrown) => thrown === cause],
    ["it makes something like a promise that throws", () => ({
      then() {
        throw cause;
      },
    }), (thrown) => thrown === cause],
    ["it throws no error", () => Promise.reject("gone"), (thrown) => thrown === "gone"],
    [
      "it makes a deprecated engine",
      () => new compat.CoreExecutionEngine(),
      (thrown) => thrown instanceof Error && thrown.name === "DeprecatedEngineError",
    ],
  ];
  for (const [name, make, isCause] of makers) {
    const error = await refusalOf(runOf("ada"), makingOf(make).making);
    assert.equal(error.code, "ENGINE_CREATION_FAILED", name);
    assert.match(error.message, /^Cannot create an engine: /, name);
    assert.ok(isCause(error.cause), name);
  }
});

Deno.test("makeCheckedEngine gives up when it takes too long, and cleans up what comes later", async () => {
  const { promise, resolve } = Promise.withResolvers<UserExecutionEngine>();
  const { clock, making } = makingOf(() => promise);
  const context = runOf("ada");
  const refused = refusalOf(context, making);
  await clock.advance(100);
  assert.match((await refused).message, /Making it took more than 100 ms/);
  const late = engineOf(context);
  resolve(late);
  await clock.advance(0);
  assert.equal(late.isActive, false);
});
