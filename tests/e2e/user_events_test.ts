import { NET, testWith } from "../config/availability/probes/probe_runs.ts";
import { USER_EVENTS_SCENARIOS } from "./user_events_scenarios.ts";

for (const { name, run } of USER_EVENTS_SCENARIOS) {
  testWith([NET], name, async () => {
    const given = Deno.env.get("BATON_SEED");
    const seed = Number(given ?? crypto.getRandomValues(new Uint32Array(1))[0]);
    try {
      await run(seed);
    } catch (error) {
      throw new Error(`Failed with BATON_SEED=${seed}: ${error}`, { cause: error });
    }
  });
}
