/** What real processes do on a local file they do over the network as well. */
import { BALLOT_SCENARIOS } from "../e2e/ballot_scenarios.ts";
import { CHURN_SCENARIOS } from "../e2e/churn_scenarios.ts";
import { DURABLE_CLUSTER_SCENARIOS } from "../e2e/durable_cluster_scenarios.ts";
import { DURABLE_SCENARIOS } from "../e2e/durable_scenarios.ts";
import { FAILOVER_SCENARIOS } from "../e2e/failover_scenarios.ts";
import { RECOVERY_SCENARIOS } from "../e2e/recovery_scenarios.ts";
import { WORK_SCENARIOS } from "../e2e/work_scenarios.ts";
import type { Scenario } from "../support/scenario.ts";
import { testOnServer } from "./remote_store.ts";

const LEASE_MS = 2_000;
const SHORT_LEASE_MS = 1_000;

function testAll(scenarios: readonly Scenario[], leaseMs: number): void {
  for (const { name, run } of scenarios) {
    testOnServer(name, (store) => run(store.line().url, leaseMs));
  }
}

testAll([...FAILOVER_SCENARIOS, ...WORK_SCENARIOS, ...BALLOT_SCENARIOS], LEASE_MS);
testAll([...RECOVERY_SCENARIOS, ...DURABLE_SCENARIOS, ...DURABLE_CLUSTER_SCENARIOS], LEASE_MS);
testAll(CHURN_SCENARIOS, SHORT_LEASE_MS);
