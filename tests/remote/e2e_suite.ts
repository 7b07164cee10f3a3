/** What real processes do on a local file they do over the network as well. */
import { BALLOT_SCENARIOS } from "../e2e/ballot_scenarios.ts";
import { CHURN_SCENARIOS } from "../e2e/churn_scenarios.ts";
import { FAILOVER_SCENARIOS } from "../e2e/failover_scenarios.ts";
import { WORK_SCENARIOS } from "../e2e/work_scenarios.ts";
import { testOnServer } from "./remote_store.ts";

const LEASE_MS = 2_000;
const CHURN_LEASE_MS = 1_000;

for (const { name, run } of [...FAILOVER_SCENARIOS, ...WORK_SCENARIOS, ...BALLOT_SCENARIOS]) {
  testOnServer(name, (store) => run(store.line().url, LEASE_MS));
}

for (const { name, run } of CHURN_SCENARIOS) {
  testOnServer(name, (store) => run(store.line().url, CHURN_LEASE_MS));
}
