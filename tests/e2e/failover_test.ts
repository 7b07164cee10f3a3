import { testOnLocalFile } from "../support/real_processes.ts";
import { FAILOVER_SCENARIOS } from "./failover_scenarios.ts";

testOnLocalFile(FAILOVER_SCENARIOS, 1_000);
