import { testOnLocalFile } from "../support/real_processes.ts";
import { RECOVERY_SCENARIOS } from "./recovery_scenarios.ts";

testOnLocalFile(RECOVERY_SCENARIOS, 1_000);
