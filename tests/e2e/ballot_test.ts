import { testOnLocalFile } from "../support/real_processes.ts";
import { BALLOT_SCENARIOS } from "./ballot_scenarios.ts";

testOnLocalFile(BALLOT_SCENARIOS, 1_000);
