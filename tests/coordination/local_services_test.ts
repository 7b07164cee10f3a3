import assert from "node:assert/strict";
import { LocalServices } from "../../coordination/local_services.ts";
import { NodeInfo } from "../../coordination/node_info.ts";
import { resolveServiceOptions } from "../../coordination/service_options.ts";
import { MemberStatus } from "../../enums/member_status.ts";
import type { SimKv } from "../../testing/sim_kv.ts";
import { ServiceWorld } from "../contract/service_world.ts";
import { stub } from "../support/stub.ts";

const NODE = new NodeInfo({
  instanceId: "dev",
  isLeader: true,
  healthScore: 1,
  status: MemberStatus.ALIVE,
  lastHeartbeat: null,
  incarnation: "1",
  labels: {},
  load: 0,
  takesWork: true,
  state: null,
});

/** Services in a simulated store in place of the one in memory. */
async function setUp(prepare: (kv: SimKv) => void = () => {}) {
  const world = new ServiceWorld();
  const kv = world.store.open();
  prepare(kv);
  const told: unknown[] = [];
  using _opened = stub(Deno, "openKv", () => Promise.resolve(kv));
  const starting = LocalServices.start({
    instanceId: "dev",
    incarnation: "1",
    limits: resolveServiceOptions({}),
    clock: world.clock,
    random: () => 0.5,
    members: () => Promise.resolve([NODE]),
    failed: (error) => told.push(error),
  });
  const [started] = await world.until(Promise.allSettled([starting]));
  return { world, kv, told, started };
}

function startedOf({ started }: Awaited<ReturnType<typeof setUp>>): LocalServices {
  assert.equal(started.status, "fulfilled");
  return (started as PromiseFulfilledResult<LocalServices>).value;
}

Deno.test("LocalServices assign at once, since they lead in their store", async () => {
  const made = await setUp();
  const { world, kv, told } = made;
  const { services, store } = startedOf(made);
  assert.equal(await world.until(services.work.assignWork({ payload: 1 }), 100), "dev");
  assert.ok(store.getMetrics().commits > 0);
  await world.until(startedOf(made)[Symbol.asyncDispose]());
  await assert.rejects(kv.get(["a"]), Deno.errors.BadResource);
  assert.equal(world.clock.sleeperCount, 0);
  assert.deepEqual(told, []);
});

Deno.test("LocalServices lead again after the process was blocked for longer than a lease", async () => {
  const made = await setUp();
  const { world } = made;
  const { services } = startedOf(made);
  world.clock.freeze(60_000);
  await world.time.advance(1);
  assert.equal(await world.until(services.work.assignWork({ payload: 1 })), "dev");
  await world.until(startedOf(made)[Symbol.asyncDispose]());
});

Deno.test("LocalServices that cannot lead close their store, and say why", async () => {
  const refuse = (kv: SimKv) => kv.faults = { lostRequest: 1 };
  const { world, kv, started } = await setUp(refuse);
  assert.equal(started.status, "rejected");
  assert.equal((started as PromiseRejectedResult).reason.name, "StoreUnavailableError");
  kv.heal();
  await assert.rejects(kv.get(["a"]), Deno.errors.BadResource);
  assert.equal(world.clock.sleeperCount, 0);
});

Deno.test("LocalServices tell what went wrong while they led, and lead on", async () => {
  const made = await setUp();
  const { world, kv, told } = made;
  const { services } = startedOf(made);
  kv.faults = { lostRequest: 1 };
  await world.time.advance(8_000);
  kv.heal();
  assert.ok(told.length > 0);
  assert.match(String(told[0]), /StoreUnavailableError/);
  assert.equal(await world.until(services.work.assignWork({ payload: 1 })), "dev");
  await world.until(startedOf(made)[Symbol.asyncDispose]());
});
