import { LocalCoordinator } from "../../coordination/local_coordinator.ts";
import { clusterNode } from "../support/nodes.ts";
import { TestStore } from "../support/test_store.ts";
import { testCoordinator } from "./coordinator_contract.ts";

testCoordinator({
  name: "LocalCoordinator",
  with: async (options, run) => {
    using test = await TestStore.open();
    await using coordinator = new LocalCoordinator({
      ...options,
      instanceId: "node",
      clock: test.clock,
    });
    await run({ coordinator, test });
  },
});

testCoordinator({
  name: "DistributedResilienceCoordinator",
  with: async (options, run) => {
    using test = await TestStore.open();
    await using process = clusterNode(test, "node", options);
    await run({ coordinator: process.node, test });
  },
});
