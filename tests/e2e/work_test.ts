import { testOnLocalFile } from "../support/real_processes.ts";
import { WORK_SCENARIOS } from "./work_scenarios.ts";

testOnLocalFile(WORK_SCENARIOS, 1_000);
