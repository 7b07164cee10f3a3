import { testOnLocalFile } from "../support/real_processes.ts";
import { DURABLE_CLUSTER_SCENARIOS } from "./durable_cluster_scenarios.ts";
import { DURABLE_SCENARIOS } from "./durable_scenarios.ts";

testOnLocalFile([...DURABLE_SCENARIOS, ...DURABLE_CLUSTER_SCENARIOS], 1_000);
