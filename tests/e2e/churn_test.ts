import { testOnLocalFile } from "../support/real_processes.ts";
import { CHURN_SCENARIOS } from "./churn_scenarios.ts";

testOnLocalFile(CHURN_SCENARIOS, 1_000);
