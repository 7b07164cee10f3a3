import assert from "node:assert/strict";
import {
  assertCurrentContext,
  currentContext,
  runInContext,
  setContextChecks,
} from "../../../engines/context/current_context.ts";
import { dependencyKey } from "../../../engines/context/context_dependencies.ts";
import { UserExecutionContext } from "../../../engines/context/user_execution_context.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";
import { seededRandom } from "../../../testing/seeded_random.ts";

const ada = new UserExecutionContext({ userId: "ada", threadId: "t-1", runId: "r-1" });
const bob = new UserExecutionContext({ userId: "bob", threadId: "t-2", runId: "r-2" });

function withChecks(run: () => void): void {
  const wasOn = setContextChecks(true);
  try {
    run();
  } finally {
    setContextChecks(wasOn);
  }
}

Deno.test("currentContext is the context that runs, after awaits and in timers too", async () => {
  const clock = new FakeClock();
  const seen: (string | undefined)[] = [];
  const see = () => seen.push(currentContext()?.userId);
  const work = runInContext(ada, async () => {
    see();
    await clock.sleep(10);
    see();
    clock.after(10, see);
    runInContext(bob, see);
    see();
  });
  assert.equal(currentContext(), null);
  await clock.advance(10);
  await work;
  assert.deepEqual(seen, ["ada", "ada", "bob", "ada"]);
  assert.equal(currentContext(), null);
});

Deno.test("runInContext returns what the work returns, throws what it throws, and takes no impostor", () => {
  assert.equal(runInContext(ada, () => 42), 42);
  assert.throws(() => runInContext(ada, () => assert.fail("of the work")), /of the work/);
  assert.equal(currentContext(), null);
  const impostor = { ...ada } as UserExecutionContext;
  assert.throws(() => runInContext(impostor, () => assert.fail("ran")), {
    name: "TypeError",
    message: "Expected UserExecutionContext, got an object",
  });
});

Deno.test("assertCurrentContext finds work under another user's context", () => {
  withChecks(() => {
    assert.throws(() => runInContext(ada, () => assertCurrentContext(bob)), {
      name: "ContextIsolationError",
      userId: "bob",
      message: "Cross-user contamination: this user's work runs in another user's context",
    });
    assertCurrentContext(ada);
    runInContext(ada, () => assertCurrentContext(ada));
    runInContext(ada, () => assertCurrentContext(ada.createChild("plan")));
  });
});

Deno.test("assertCurrentContext says nothing until it is switched on", () => {
  runInContext(ada, () => assertCurrentContext(bob));
  assert.equal(setContextChecks(true), false);
  assert.equal(setContextChecks(false), true);
  runInContext(ada, () => assertCurrentContext(bob));
});

const USERS = 1000;
const DEPTH = 4;
const SECRET = dependencyKey<string>("secret");

/** Everything that one user's contexts hold and see. */
async function liveAsUser(user: number, yieldNow: () => Promise<void>): Promise<string[]> {
  const mine = `user-${user}`;
  const seen: string[] = [];
  let context = new UserExecutionContext({
    userId: mine,
    threadId: `thread-of-${mine}`,
    runId: `run-of-${mine}`,
    agentContext: { note: `note of ${mine}`, nested: { user_id: mine } },
  });
  const root = context;
  root.dependencies.set(SECRET, `secret of ${mine}`);
  const look = async (): Promise<void> => {
    await yieldNow();
    const current = currentContext()!;
    assert.equal(current, context);
    assertCurrentContext(context);
    seen.push(JSON.stringify(current), current.scopedKey("cache"));
    seen.push(current.dependencies.require(SECRET));
    current.onCleanup(async () => {
      await yieldNow();
      seen.push(`${current.dependencies.require(SECRET)}, ${current.operationDepth}`);
    });
  };
  await runInContext(root, look);
  for (let depth = 1; depth <= DEPTH; depth++) {
    await yieldNow();
    const agentContext = { [`step_${depth}`]: `step ${depth} of ${mine}` };
    context = context.createChild(`step-${depth}`, { agentContext });
    await runInContext(context, look);
  }
  assert.deepEqual(await root.cleanup(), { callbackCount: 5, failureCount: 0, failures: [] });
  return seen;
}

Deno.test("contexts of 1,000 users who live at the same time share no datum", async () => {
  const random = seededRandom(42);
  const yieldNow = async () => {
    for (let turns = Math.floor(random() * 4); turns >= 0; turns--) await Promise.resolve();
  };
  const wasOn = setContextChecks(true);
  const lives = await Promise.all(
    Array.from({ length: USERS }, (_, user) => liveAsUser(user, yieldNow)),
  ).finally(() => setContextChecks(wasOn));
  for (const [user, seen] of lives.entries()) {
    assert.equal(seen.length, (DEPTH + 1) * 4);
    const users = new Set(seen.join("\n").match(/user-\d+/g));
    assert.deepEqual([...users], [`user-${user}`]);
  }
  const requests = new Set(lives.flat().flatMap((text) => text.match(/cache:.*/) ?? []));
  assert.equal(requests.size, USERS * (DEPTH + 1));
});
