import { testOnLocalFile } from "../support/real_processes.ts";
import { DURABLE_SCENARIOS } from "./durable_scenarios.ts";

testOnLocalFile(DURABLE_SCENARIOS, 1_000);
