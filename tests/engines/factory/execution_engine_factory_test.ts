import assert from "node:assert/strict";
import {
  currentContext,
  runInContext,
  setContextChecks,
} from "../../../engines/context/current_context.ts";
import type { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { UserExecutionEngine } from "../../../engines/engine/user_execution_engine.ts";
import { ExecutionEngineFactory } from "../../../engines/factory/execution_engine_factory.ts";
import {
  EngineLimitError,
  ExecutionEngineFactoryError,
  SSOTValidationError,
  UserIsolationError,
} from "../../../engines/factory/execution_engine_factory_errors.ts";
import { UserEngineLimits } from "../../../engines/factory/user_engine_limits.ts";
import { DEPRECATED_ENGINES } from "../../../engines/guard/deprecated_engines.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { capturedLog } from "../guard/captured_log.ts";
import { factoryCase, passing, runOf } from "./factory_case.ts";

Deno.test("ExecutionEngineFactory makes a genuine engine for each run", async () => {
  await using made = factoryCase();
  const [context, other] = [runOf("ada"), runOf("bob")];
  const engine = await made.factory.createForUser(context);
  assert.ok(UserExecutionEngine.is(engine));
  assert.equal(engine.context, context);
  assert.notEqual(await made.factory.createForUser(other), engine);
  assert.equal(made.factory.getMetrics().active_engines_count, 2);
});

Deno.test("ExecutionEngineFactory has no creation method of before", () => {
  const forbidden = [
    "createExecutionEngine",
    "createExecutionEngineLegacy",
    "createExecutionEngineConsolidated",
    "createRequestScopedEngine",
    "getExecutionEngine",
    "create_execution_engine",
    "create_execution_engine_legacy",
    "create_execution_engine_consolidated",
    "create_request_scoped_engine",
    "get_execution_engine",
    "setToolDispatcherFactory",
  ];
  const factory = new ExecutionEngineFactory({ agents: new Map() });
  for (const name of forbidden) assert.equal(name in factory, false, name);
  const creators = Object.getOwnPropertyNames(ExecutionEngineFactory.prototype)
    .filter((name) => /create|make|get.*Engine$/i.test(name));
  assert.deepEqual(creators, ["createForUser", "createEngine"]);
});

Deno.test("ExecutionEngineFactory refuses what is no genuine context, with no effect", async () => {
  await using made = factoryCase();
  const values = [null, undefined, {}, { userId: "ada" }, new Proxy(runOf("ada"), {})];
  for (const value of values) {
    const context = value as UserExecutionContext;
    await assert.rejects(made.factory.createForUser(context), { name: "TypeError" });
    await assert.rejects(made.factory.cleanupUserContext(context), { name: "TypeError" });
  }
  assert.equal(made.limits.size, 0);
  assert.equal(made.factory.getMetrics().invalid_context_rejections, values.length);
});

Deno.test("createEngine makes the one type there is, and logs that", async () => {
  await using made = factoryCase();
  const lines = await capturedLog(() => {
    return made.factory.createEngine(runOf("ada"), "UserExecutionEngine");
  });
  assert.equal(lines.length, 2);
  assert.match(lines[0]!, /^info SSOT UserExecutionEngine compliance validated/);
  assert.match(lines[1]!, /^info SSOT compliance validated: UserExecutionEngine user_engine_/);
});

Deno.test("createEngine refuses deprecated and unknown types before anything else", async () => {
  await using made = factoryCase();
  const context = runOf("ada");
  for (const type of DEPRECATED_ENGINES) {
    await assert.rejects(made.factory.createEngine(context, type), (error) => {
      return error instanceof SSOTValidationError &&
        /deprecated.*ExecutionEngine.*not supported/.test(error.message);
    });
  }
  for (const type of ["MyEngine", "", null, UserExecutionEngine]) {
    await assert.rejects(
      made.factory.createEngine(context, type as string),
      /Engine type.*not allowed.*SSOT/,
    );
  }
  const metrics = made.factory.getMetrics();
  assert.equal(metrics.backwards_compatibility_usage, DEPRECATED_ENGINES.length);
  assert.equal(metrics.unknown_type_rejections, 4);
  assert.equal(made.limits.size, 0);
});

Deno.test("ExecutionEngineFactory refuses a user's third engine, across factories that share limits", async () => {
  const userLimits = new UserEngineLimits();
  await using first = factoryCase({ userLimits });
  await using second = factoryCase({ userLimits });
  const engine = await first.factory.createForUser(runOf("ada"));
  await second.factory.createForUser(runOf("ada"));
  await assert.rejects(first.factory.createForUser(runOf("ada")), (error) => {
    return error instanceof EngineLimitError &&
      /User ada has reached maximum engine limit \(2\/2\)/.test(error.message);
  });
  await first.factory.createForUser(runOf("bob"));
  assert.equal(first.factory.getMetrics().user_limit_rejections, 1);
  await first.factory.cleanupEngine(engine);
  await second.factory.createForUser(runOf("ada"));
});

Deno.test("factories share the limits of the process when they are given none", async () => {
  const clock = new FakeClock();
  const factories = [1, 2, 3].map(() => new ExecutionEngineFactory({ agents: new Map(), clock }));
  const [first, second, third] = factories as [
    ExecutionEngineFactory,
    ExecutionEngineFactory,
    ExecutionEngineFactory,
  ];
  await first.createForUser(runOf("shared"));
  await second.createForUser(runOf("shared"));
  await assert.rejects(third.createForUser(runOf("shared")), EngineLimitError);
  await Promise.all(factories.map((factory) => factory.shutdown()));
  assert.equal(clock.sleeperCount, 0);
});

Deno.test("ExecutionEngineFactory refuses a second engine of a live run, and takes it after its end", async () => {
  await using made = factoryCase();
  const engine = await made.factory.createForUser(runOf("ada", "r-1"));
  await assert.rejects(made.factory.createForUser(runOf("ada", "r-1")), (error) => {
    return error instanceof UserIsolationError && /Duplicate run ID detected/.test(error.message);
  });
  await made.factory.createForUser(runOf("bob", "r-1"));
  assert.equal(made.factory.getMetrics().duplicate_run_rejections, 1);
  await made.factory.cleanupEngine(engine);
  await made.factory.createForUser(runOf("ada", "r-1"));
});

Deno.test("ExecutionEngineFactory lets users be served while another's engine is slow to make", async () => {
  const gate = Promise.withResolvers<void>();
  await using made = factoryCase({
    makeEngine: async (options) => {
      if (options.context.userId === "slow") await gate.promise;
      return new UserExecutionEngine(options);
    },
  });
  const context = runOf("slow");
  const slow = made.factory.createForUser(context);
  await made.factory.createForUser(runOf("ada"));
  await assert.rejects(made.factory.createForUser(context), UserIsolationError);
  assert.equal(made.factory.getMetrics().active_engines_count, 1);
  gate.resolve();
  assert.equal((await slow).context, context);
  assert.equal(made.factory.getMetrics().active_engines_count, 2);
});

Deno.test("ExecutionEngineFactory registers nothing and gives the place back when the making fails", async () => {
  const elsewhere = new UserExecutionEngine({ context: runOf("bob"), agents: new Map() });
  const makers: [name: string, make: () => unknown][] = [
    ["it throws", () => {
      throw new Error("no database");
    }],
    ["it rejects", () => Promise.reject(new Error("no database"))],
    ["it makes no engine", () => ({ executeAgent: () => {} })],
    ["it makes another user's engine", () => elsewhere],
  ];
  for (const [name, make] of makers) {
    await using made = factoryCase({ makeEngine: make as () => UserExecutionEngine });
    for (let attempt = 0; attempt < 3; attempt++) {
      await assert.rejects(
        made.factory.createForUser(runOf("ada")),
        ExecutionEngineFactoryError,
        name,
      );
    }
    const metrics = made.factory.getMetrics();
    assert.deepEqual([metrics.creation_errors, metrics.total_engines_created], [3, 0], name);
    assert.deepEqual([made.limits.size, made.clock.sleeperCount], [0, 0], name);
  }
});

Deno.test("userExecutionScope runs in the context and ends the engine, whatever the work does", async () => {
  await using made = factoryCase();
  const context = runOf("ada");
  const engines: UserExecutionEngine[] = [];
  const result = await made.factory.userExecutionScope(context, async (engine) => {
    engines.push(engine);
    await Promise.resolve();
    assert.equal(currentContext(), context);
    return (await engine.executeAgent({ agentName: "quick", context }, {})).result;
  });
  assert.equal(result, "done");
  const failure = new Error("the work failed");
  const works: ((engine: UserExecutionEngine) => unknown)[] = [
    (engine) => {
      engines.push(engine);
      throw failure;
    },
    (engine) => {
      engines.push(engine);
      return Promise.reject(failure);
    },
  ];
  for (const work of works) {
    await assert.rejects(
      made.factory.userExecutionScope(context, work),
      (error) => error === failure,
    );
  }
  assert.deepEqual(engines.map((engine) => engine.isActive), [false, false, false]);
  const metrics = made.factory.getMetrics();
  assert.equal(metrics.golden_path_executions, 1);
  assert.deepEqual([metrics.total_engines_created, metrics.total_engines_cleaned], [3, 3]);
  assert.deepEqual([made.limits.size, made.clock.sleeperCount], [0, 0]);
});

Deno.test("userExecutionScope makes no engine for what is no function", async () => {
  await using made = factoryCase();
  const work = null as unknown as () => void;
  await assert.rejects(made.factory.userExecutionScope(runOf("ada"), work), { name: "TypeError" });
  assert.equal(made.factory.getMetrics().total_engines_created, 0);
});

Deno.test("userExecutionScope keeps its engine however long the work is silent", async () => {
  await using made = factoryCase();
  const gate = Promise.withResolvers<void>();
  const scope = made.factory.userExecutionScope(runOf("ada"), async (engine) => {
    await gate.promise;
    return engine.isActive;
  });
  await made.clock.advance(3_600_000);
  gate.resolve();
  assert.equal(await scope, true);
});

Deno.test("ExecutionEngineFactory reclaims an engine that is idle for 5 minutes", async () => {
  await using made = factoryCase();
  const engine = await made.factory.createForUser(runOf("ada"));
  await made.clock.advance(299_999);
  assert.equal(engine.isActive, true);
  await made.clock.advance(60_000);
  assert.equal(engine.isActive, false);
  const metrics = made.factory.getMetrics();
  assert.deepEqual([metrics.timeout_cleanups, metrics.active_engines_count], [1, 0]);
  assert.equal(made.clock.sleeperCount, 0);
});

Deno.test("ExecutionEngineFactory reclaims an engine as soon, and looks as often, as it is told", async () => {
  await using made = factoryCase({ idleMs: 1_000, lookEveryMs: 300 });
  const engine = await made.factory.createForUser(runOf("ada"));
  await made.clock.advance(1_199);
  assert.equal(engine.isActive, true);
  await made.clock.advance(1);
  assert.equal(engine.isActive, false);
  assert.equal(made.factory.getMetrics().timeout_cleanups, 1);
});

Deno.test("cleanupEngine ends an engine of this factory, once", async () => {
  await using made = factoryCase();
  await using other = factoryCase();
  const engine = await made.factory.createForUser(runOf("ada"));
  assert.equal(await other.factory.cleanupEngine(engine), false);
  assert.equal(engine.isActive, true);
  assert.equal(await made.factory.cleanupEngine(engine), true);
  assert.equal(await made.factory.cleanupEngine(engine), false);
  assert.equal(made.factory.getMetrics().total_engines_cleaned, 1);
});

Deno.test("cleanupUserContext ends the run's engine, then cleans up the context, and nobody else's", async () => {
  await using made = factoryCase();
  const [context, other] = [runOf("ada"), runOf("ada")];
  const [engine, kept] = [
    await made.factory.createForUser(context),
    await made.factory.createForUser(other),
  ];
  const seen: boolean[] = [];
  context.onCleanup(() => void seen.push(engine.isActive));
  assert.equal(await made.factory.cleanupUserContext(context), true);
  assert.deepEqual(seen, [false]);
  assert.equal(kept.isActive, true);
  assert.equal(await made.factory.cleanupUserContext(context), false);
  other.onCleanup(() => {
    throw new Error("it fails");
  });
  assert.equal(await made.factory.cleanupUserContext(other), true);
  assert.equal(made.factory.getMetrics().context_cleanup_errors, 1);
});

Deno.test("cleanupAll ends all engines, busy ones too, and the factory goes on", async () => {
  await using made = factoryCase();
  const busy = await made.factory.createForUser(runOf("ada"));
  await made.factory.createForUser(runOf("bob"));
  const running = busy.executeAgent({ agentName: "waiter", context: busy.context }, {});
  await made.clock.advance(1);
  assert.equal(await passing(made.clock, made.factory.cleanupAll()), 2);
  assert.equal((await running).success, false);
  assert.equal(made.factory.getMetrics().active_engines_count, 0);
  await made.factory.createForUser(runOf("ada"));
});

Deno.test("ExecutionEngineFactory shows live engines and what it counted, with wire keys", async () => {
  const events: unknown[] = [];
  await using made = factoryCase({ events: { send: (event) => void events.push(event) } });
  const context = runOf("ada", "r-7");
  const engine = await made.factory.createForUser(context);
  await made.factory.createForUser(runOf("bob"));
  const summary = made.factory.getActiveEnginesSummary({ limit: 1 });
  assert.deepEqual([summary.total_active_engines, summary.active_users], [2, 2]);
  assert.deepEqual(summary.engines.map(({ engine_id, run_id }) => [engine_id, run_id]), [
    [engine.engineId, "r-7"],
  ]);
  await made.factory.cleanupEngine(engine);
  const { active_engine_keys, ...metrics } = made.factory.getMetrics();
  assert.equal(active_engine_keys.length, 1);
  assert.deepEqual(metrics, {
    total_engines_created: 2,
    total_engines_cleaned: 1,
    creation_errors: 0,
    cleanup_errors: 0,
    rollback_errors: 0,
    timeout_cleanups: 0,
    user_limit_rejections: 0,
    process_limit_rejections: 0,
    duplicate_run_rejections: 0,
    closed_rejections: 0,
    invalid_context_rejections: 0,
    unknown_type_rejections: 0,
    backwards_compatibility_usage: 0,
    ssot_validations_performed: 2,
    user_isolation_validations: 2,
    golden_path_executions: 0,
    websocket_integrations: 2,
    context_cleanup_errors: 0,
    active_engines_count: 1,
    max_engines_per_user: 2,
    engine_timeout_seconds: 300,
    cleanup_interval: 60,
    cleanup_task_running: true,
    state: "running",
    timestamp: "2026-01-01T00:00:00.000Z",
  });
});

Deno.test("ExecutionEngineFactory sees at once that somebody else cleaned up an engine", async () => {
  await using made = factoryCase();
  const engines = [
    await made.factory.createForUser(runOf("ada")),
    await made.factory.createForUser(runOf("ada")),
  ];
  await Promise.all(engines.map((engine) => engine.cleanup()));
  assert.equal(made.factory.getActiveEnginesSummary().total_active_engines, 0);
  assert.equal(made.factory.getMetrics().total_engines_cleaned, 2);
  assert.equal(made.clock.sleeperCount, 0);
  await made.factory.createForUser(runOf("ada"));
});

Deno.test("ExecutionEngineFactory keeps the run and the place of an engine until its cleanup is over", async () => {
  await using made = factoryCase({ agents: new Map([["deaf", () => new Promise(() => {})]]) });
  const context = runOf("ada");
  const engine = await made.factory.createForUser(context);
  const running = engine.executeAgent({ agentName: "deaf", context }, {});
  const cleaned = engine.cleanup();
  await assert.rejects(made.factory.createForUser(context), { code: "USER_ISOLATION" });
  await made.factory.createForUser(runOf("ada"));
  await assert.rejects(made.factory.createForUser(runOf("ada")), { code: "ENGINE_LIMIT" });
  assert.equal(made.factory.getMetrics().active_engines_count, 2);
  await passing(made.clock, Promise.all([cleaned, running]));
  const metrics = made.factory.getMetrics();
  assert.deepEqual([metrics.active_engines_count, metrics.total_engines_cleaned], [1, 1]);
  await made.factory.createForUser(context);
});

Deno.test("ExecutionEngineFactory undoes an engine that it cannot register", async () => {
  const clock = new FakeClock();
  let isBroken = true;
  const engines: UserExecutionEngine[] = [];
  await using made = factoryCase({
    clock: {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      sleep: (ms, options) => clock.sleep(ms, options),
      after(ms, run) {
        if (isBroken) throw new Error("no more timers");
        return clock.after(ms, run);
      },
    },
    events: { send: () => {} },
    makeEngine(options) {
      engines.push(new UserExecutionEngine(options));
      return engines.at(-1)!;
    },
  });
  const context = runOf("ada");
  await assert.rejects(made.factory.createForUser(context), {
    code: "ENGINE_CREATION_FAILED",
    message: "Cannot create an engine: no more timers",
  });
  assert.equal(engines[0]!.isActive, false);
  const metrics = made.factory.getMetrics();
  assert.deepEqual([metrics.total_engines_created, metrics.creation_errors], [0, 1]);
  assert.deepEqual([metrics.active_engines_count, metrics.websocket_integrations], [0, 0]);
  assert.equal(made.limits.size, 0);
  isBroken = false;
  await made.factory.createForUser(context);
});

Deno.test("ExecutionEngineFactory makes nothing in another user's context while that is checked", async () => {
  await using made = factoryCase();
  const context = runOf("ada");
  const attempts: [name: string, attempt: () => Promise<unknown>][] = [
    ["createForUser", () => made.factory.createForUser(context)],
    ["createEngine", () => made.factory.createEngine(context, "UserExecutionEngine")],
    ["userExecutionScope", () => made.factory.userExecutionScope(context, () => "ran")],
  ];
  const wasOn = setContextChecks(true);
  try {
    for (const [name, attempt] of attempts) {
      const refused = runInContext(runOf("bob"), attempt);
      await assert.rejects(refused, { name: "ContextIsolationError", userId: "ada" }, name);
    }
    const metrics = made.factory.getMetrics();
    assert.equal(metrics.invalid_context_rejections, attempts.length);
    assert.deepEqual([metrics.ssot_validations_performed, made.limits.size], [0, 0]);
    await runInContext(runOf("ada"), () => made.factory.createForUser(context));
  } finally {
    setContextChecks(wasOn);
  }
});

Deno.test("getActiveEnginesSummary refuses a limit that is no count", async () => {
  await using made = factoryCase();
  for (const limit of [-1, NaN, 1.5]) {
    assert.throws(() => made.factory.getActiveEnginesSummary({ limit }), RangeError);
  }
});

Deno.test("shutdown waits for scopes and agents, makes nothing more meanwhile, and leaves no timer", async () => {
  const made = factoryCase();
  const engine = await made.factory.createForUser(runOf("ada"));
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  await made.clock.advance(1);
  const closing = made.factory.shutdown();
  assert.equal(made.factory.shutdown(), closing);
  assert.equal(made.factory.state, "draining");
  await assert.rejects(
    made.factory.createForUser(runOf("bob")),
    { code: "FACTORY_CLOSED", message: "Cannot create an engine: the factory is draining" },
  );
  await made.clock.advance(5_000);
  assert.deepEqual([engine.isActive, made.factory.state], [true, "draining"]);
  made.open();
  assert.equal((await running).success, true);
  await passing(made.clock, closing);
  const metrics = made.factory.getMetrics();
  assert.deepEqual([metrics.state, metrics.closed_rejections], ["closed", 1]);
  assert.deepEqual([metrics.total_engines_cleaned, made.limits.size], [1, 0]);
  assert.equal(made.clock.sleeperCount, 0);
  await assert.rejects(made.factory.createForUser(runOf("bob")), { code: "FACTORY_CLOSED" });
});

Deno.test("shutdown aborts what still runs after 10 s", async () => {
  const made = factoryCase();
  const scope = made.factory.userExecutionScope(runOf("ada"), (engine) => {
    return engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  });
  await made.clock.advance(1);
  const closing = made.factory.shutdown();
  await made.clock.advance(9_999);
  assert.equal(made.factory.state, "draining");
  await made.clock.advance(200);
  await closing;
  assert.equal(made.factory.state, "closed");
  assert.equal((await scope).success, false);
  assert.deepEqual([made.limits.size, made.clock.sleeperCount], [0, 0]);
});

Deno.test("shutdown waits no longer than it is told", async () => {
  const made = factoryCase({ drainMs: 500 });
  const engine = await made.factory.createForUser(runOf("ada"));
  const running = engine.executeAgent({ agentName: "waiter", context: engine.context }, {});
  const closing = made.factory.shutdown();
  await made.clock.advance(499);
  assert.deepEqual([engine.isActive, made.factory.state], [true, "draining"]);
  await made.clock.advance(1);
  assert.equal(engine.isActive, false);
  await passing(made.clock, closing);
  assert.equal((await running).success, false);
});

Deno.test("shutdown refuses an engine that was being made when it began, and cleans it up", async () => {
  const gate = Promise.withResolvers<void>();
  const engines: UserExecutionEngine[] = [];
  const made = factoryCase({
    makeEngine: async (options) => {
      await gate.promise;
      engines.push(new UserExecutionEngine(options));
      return engines[0]!;
    },
  });
  const refused = assert.rejects(made.factory.createForUser(runOf("ada")), {
    code: "FACTORY_CLOSED",
  });
  const closing = made.factory.shutdown();
  await made.clock.advance(1_000);
  assert.equal(made.factory.state, "draining");
  gate.resolve();
  await refused;
  await passing(made.clock, closing);
  assert.equal(engines[0]!.isActive, false);
  assert.equal(made.limits.size, 0);
});

Deno.test("ExecutionEngineFactory shuts down when it is disposed of", async () => {
  const made = factoryCase();
  {
    await using factory = made.factory;
    await factory.createForUser(runOf("ada"));
  }
  assert.equal(made.factory.state, "closed");
  assert.equal(made.clock.sleeperCount, 0);
});

Deno.test("ExecutionEngineFactory keeps its counts true under many users, failures and ends", async () => {
  let made = 0;
  await using fixture = factoryCase({
    makeEngine: async (options) => {
      await Promise.resolve();
      if (++made % 7 === 0) throw new Error("every seventh fails");
      return new UserExecutionEngine(options);
    },
  });
  const { factory, limits } = fixture;
  let mostOfOne = 0;
  const attempts = Array.from({ length: 2_000 }, async (_, index) => {
    const userId = `user-${index % 500}`;
    try {
      if (index % 3 === 0) {
        await factory.userExecutionScope(runOf(userId), async (engine) => {
          mostOfOne = Math.max(mostOfOne, limits.liveOf(userId));
          await Promise.resolve();
          assert.equal(engine.context.userId, userId);
          if (index % 2 === 0) throw new Error("the work failed");
        });
      } else {
        const engine = await factory.createForUser(runOf(userId));
        mostOfOne = Math.max(mostOfOne, limits.liveOf(userId));
        if (index % 5 > 0) await factory.cleanupEngine(engine);
      }
    } catch {
      // Counted.
    }
  });
  await Promise.all(attempts);
  const metrics = factory.getMetrics();
  assert.equal(mostOfOne, 2);
  assert.equal(
    metrics.total_engines_created,
    metrics.total_engines_cleaned + metrics.active_engines_count,
  );
  assert.equal(
    2_000,
    metrics.total_engines_created + metrics.creation_errors + metrics.user_limit_rejections,
  );
  assert.equal(limits.size, metrics.active_engines_count);
  assert.ok(metrics.creation_errors > 0 && metrics.user_limit_rejections > 0);
});
