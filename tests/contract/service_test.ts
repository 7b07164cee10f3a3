import { LocalCoordinator } from "../../coordination/local_coordinator.ts";
import { SimStore } from "../../testing/sim_store.ts";
import { stub } from "../support/stub.ts";
import { testServices } from "./service_contract.ts";
import { ServiceWorld } from "./service_world.ts";

testServices({
  name: "LocalCoordinator",
  with: async (options, run) => {
    const world = new ServiceWorld();
    const openKv = () => Promise.resolve(new SimStore({ time: world.time }).open());
    using _opened = stub(Deno, "openKv", openKv);
    const { clock } = world;
    const node = new LocalCoordinator({
      ...options,
      instanceId: "node",
      clock,
      random: () => 0.5,
    });
    await run({ node, world });
  },
});

testServices({
  name: "DistributedResilienceCoordinator",
  with: async (options, run) => {
    const world = new ServiceWorld();
    await run({ node: world.node("node", options).node, world });
  },
});
