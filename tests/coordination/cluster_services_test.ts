import assert from "node:assert/strict";
import { ClusterServices } from "../../coordination/cluster_services.ts";
import { resolveCoordinatorTiming } from "../../coordination/coordinator_options.ts";
import { KvStore } from "../../coordination/kv_store.ts";
import { NodeInfo } from "../../coordination/node_info.ts";
import { resolveServiceOptions } from "../../coordination/service_options.ts";
import type { Term } from "../../coordination/term.ts";
import { MemberStatus } from "../../enums/member_status.ts";
import { ServiceWorld } from "../contract/service_world.ts";

const FENCE = ["fence"];

/** The services of node "a", which leads once it is told to. */
async function setUp() {
  const world = new ServiceWorld();
  const kv = world.store.open();
  const { versionstamp } = await kv.set(FENCE, 1);
  const reign = new AbortController();
  const term = {
    term: 1,
    check: { key: FENCE, versionstamp },
    signal: reign.signal,
    isValid: () => !reign.signal.aborted,
  } as unknown as Term;
  const told: unknown[] = [];
  const announced: boolean[] = [];
  const services: ClusterServices = new ClusterServices({
    store: new KvStore(kv, { clock: world.clock, random: () => 0.5 }),
    storePath: ":memory:",
    cluster: "c",
    instanceId: "a",
    incarnation: "1",
    timing: resolveCoordinatorTiming({ leaseMs: 1_000, renewMs: 300, attemptTimeoutMs: 150 }),
    random: () => 0.5,
    limits: resolveServiceOptions({}),
    term: () => reign.signal.aborted ? null : term,
    members: () => Promise.resolve([member(services.work.takesWork)]),
    standingMs: () => Infinity,
    announce: () => {
      announced.push(services.work.takesWork);
      return Promise.resolve();
    },
    failed: (error) => told.push(error),
  });
  return { world, kv, reign, term, told, announced, services };
}

function member(takesWork: boolean): NodeInfo {
  return new NodeInfo({
    instanceId: "a",
    isLeader: true,
    healthScore: 1,
    status: MemberStatus.ALIVE,
    lastHeartbeat: null,
    incarnation: "1",
    labels: {},
    load: 0,
    takesWork,
    state: null,
  });
}

const ALONE = { deadlineMs: 1_000, electors: ["x", "y"] };

Deno.test("ClusterServices lead looks after ballots and work, until the term or the signal ends", async () => {
  for (const ending of ["term", "signal"]) {
    const { world, services, term, reign, told } = await setUp();
    const stop = new AbortController();
    const led = services.lead(term, stop.signal);
    const { ballotId } = await world.until(services.ballots.propose("Go?", ["a", "b"], ALONE));
    await world.time.advance(2_000);
    assert.equal((await world.until(services.ballots.getBallot(ballotId)))?.status, "decided");
    if (ending === "term") reign.abort();
    else stop.abort();
    await world.until(led, 500);
    const next = await world.until(services.ballots.propose("Go?", ["a", "b"], ALONE));
    await world.time.advance(5_000);
    assert.equal((await world.until(services.ballots.getBallot(next.ballotId)))?.status, "open");
    assert.deepEqual(told, [], ending);
    await world.until(services[Symbol.asyncDispose]());
    assert.equal(world.clock.sleeperCount, 0);
  }
});

Deno.test("ClusterServices lead tells what goes wrong and goes on, once an interval", async () => {
  const { world, kv, services, term, told } = await setUp();
  const stop = new AbortController();
  const led = services.lead(term, stop.signal);
  await world.time.advance(100);
  kv.faults = { lostRequest: 1 };
  await world.time.advance(3_000);
  assert.ok(told.length >= 3 && told.length <= 12, `${told.length}`);
  assert.match(String(told[0]), /StoreUnavailableError/);
  assert.ok(services.work.getMetrics().failures > 0);
  kv.heal();
  const { ballotId } = await world.until(services.ballots.propose("Go?", ["a", "b"], ALONE));
  await world.time.advance(2_000);
  assert.equal((await world.until(services.ballots.getBallot(ballotId)))?.status, "decided");
  stop.abort();
  await world.until(led);
});

Deno.test("ClusterServices lead ends when the store handle is closed, and tells it once", async () => {
  const { world, kv, services, term, told } = await setUp();
  kv.close();
  const stop = new AbortController();
  const led = services.lead(term, stop.signal);
  await world.time.advance(5_000);
  assert.equal(told.length, 1);
  stop.abort();
  await world.until(led, 100);
});

Deno.test("ClusterServices announce that they take work, and that they do not any more before they have ended", async () => {
  const { world, services, announced } = await setUp();
  const loop = services.waits.follow((signal) => services.work.work({ signal }));
  const next = loop.next();
  await world.time.advance(10);
  assert.deepEqual(announced, [true]);
  await world.until(services[Symbol.asyncDispose](), 500);
  assert.deepEqual(announced, [true, false]);
  assert.equal((await next).done, true);
});
