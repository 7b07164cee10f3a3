import assert from "node:assert/strict";
import type { ClusterServices } from "../../coordination/cluster_services.ts";
import { OpenWaits } from "../../coordination/open_waits.ts";
import { ServiceCoordinator } from "../../coordination/service_coordinator.ts";

/** A coordinator that notes what is asked of its services. */
class RecordingCoordinator extends ServiceCoordinator {
  readonly calls: unknown[][] = [];
  readonly operations: string[] = [];
  readonly #waits = new OpenWaits((error) => {
    throw error;
  });

  protected override services(operation: string): Promise<ClusterServices> {
    this.operations.push(operation);
    const part = (calls: unknown[][]) =>
      new Proxy({}, {
        get: (_, name) => (...args: unknown[]) => {
          calls.push([String(name), ...args]);
          return LOOPS.has(String(name)) ? loopOf(name) : Promise.resolve(name);
        },
      });
    const services = {
      ballots: part(this.calls),
      work: part(this.calls),
      waits: this.#waits,
    };
    return Promise.resolve(services as unknown as ClusterServices);
  }
}

const LOOPS = new Set(["openBallots", "work"]);

async function* loopOf(name: unknown): AsyncGenerator<unknown, void, undefined> {
  yield await Promise.resolve(name);
}

Deno.test("ServiceCoordinator hands every call on to its services, with all that was said", async () => {
  const coordinator = new RecordingCoordinator();
  const call = coordinator as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  const cases: { name: string; args: readonly unknown[] }[] = [
    { name: "vote", args: ["b", "yes"] },
    { name: "abstain", args: ["b"] },
    { name: "getBallot", args: ["b"] },
    { name: "listBallots", args: [{ limit: 3 }] },
    { name: "recount", args: ["b"] },
    { name: "certificate", args: ["b"] },
    { name: "getWork", args: ["w"] },
    { name: "listWork", args: [{ limit: 3 }] },
    { name: "redriveWork", args: ["w"] },
    { name: "dropWork", args: ["w"] },
    { name: "backlog", args: [] },
  ];
  for (const { name, args } of cases) {
    const result = await call[name]!(...args);
    assert.equal(result, ["vote", "abstain"].includes(name) ? undefined : name);
    assert.deepEqual(coordinator.calls.at(-1), [name, ...args]);
  }
  assert.equal(new Set(coordinator.operations).size, cases.length, "each names its operation");
});

Deno.test("ServiceCoordinator hands calls that wait on with a signal that ends with the caller's", async () => {
  const coordinator = new RecordingCoordinator();
  const stop = new AbortController();
  const { signal } = stop;
  await coordinator.propose("Go?", ["a", "b"], { deadlineMs: 100, ballotId: "b", signal });
  await coordinator.decided("b", { signal });
  await coordinator.assignWork({ payload: 1 }, { timeoutMs: 5, signal });
  const given = coordinator.calls.map((call) => call.at(-1) as { signal: AbortSignal });
  assert.deepEqual(coordinator.calls.map(([name]) => name), ["propose", "decided", "assignWork"]);
  assert.deepEqual(given.map(({ signal: _, ...rest }) => rest), [
    { deadlineMs: 100, ballotId: "b" },
    {},
    { timeoutMs: 5 },
  ]);
  assert.deepEqual(given.map((options) => options.signal.aborted), [false, false, false]);
  stop.abort();
  assert.deepEqual(given.map((options) => options.signal.aborted), [true, true, true]);
});

Deno.test("ServiceCoordinator hands its loops on, and asks for its services only when one is run", async () => {
  const coordinator = new RecordingCoordinator();
  const stop = new AbortController();
  const { signal } = stop;
  const loops = [coordinator.openBallots({ signal }), coordinator.work({ maxClaims: 2, signal })];
  assert.deepEqual(coordinator.operations, []);
  const seen: unknown[] = [];
  for (const loop of loops) {
    for await (const each of loop) seen.push(each);
  }
  assert.deepEqual(seen, ["openBallots", "work"]);
  const given = coordinator.calls.map((call) => call.at(-1) as { signal: AbortSignal });
  assert.deepEqual(coordinator.calls.map(([name]) => name), ["openBallots", "work"]);
  assert.deepEqual(given.map(({ signal: _, ...rest }) => rest), [{}, { maxClaims: 2 }]);
  stop.abort();
  assert.deepEqual(given.map((options) => options.signal.aborted), [true, true]);
});

Deno.test("ServiceCoordinator leaves it to its services to refuse a proposal without options", async () => {
  const coordinator = new RecordingCoordinator();
  const propose = coordinator.propose.bind(coordinator) as (...args: unknown[]) => Promise<unknown>;
  await propose("Go?", ["a", "b"]);
  const [name, topic, choices, { signal, ...options }] = coordinator.calls[0] as [
    string,
    string,
    string[],
    { signal: AbortSignal },
  ];
  assert.deepEqual([name, topic, choices, options], ["propose", "Go?", ["a", "b"], {}]);
  assert.equal(signal.aborted, false);
});

Deno.test("ServiceCoordinator names options and signals that are none, and hands nothing on", async () => {
  const coordinator = new RecordingCoordinator();
  const junk = (value: unknown) => value as never;
  const waits: { name: string; wait: (options: never) => Promise<unknown> }[] = [
    { name: "assignWork", wait: (options) => coordinator.assignWork({ payload: 1 }, options) },
    { name: "work", wait: (options) => coordinator.work(options).next() },
    { name: "decided", wait: (options) => coordinator.decided("b", options) },
    { name: "openBallots", wait: (options) => coordinator.openBallots(options).next() },
  ];
  const cases = [
    { options: null, message: "options must be an object, got null" },
    { options: { signal: "now" }, message: "signal must be an AbortSignal, got string" },
  ];
  for (const { name, wait } of waits) {
    for (const { options, message } of cases) {
      await assert.rejects(wait(junk(options)), { name: "TypeError", message }, name);
    }
  }
  assert.deepEqual(coordinator.calls, []);
});
