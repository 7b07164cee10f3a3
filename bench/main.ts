/**
 * Measures every room beside what bounds it and prints Markdown tables.
 *
 * Usage: deno task bench [--quick]
 */
import { benchAvailability } from "./availability_bench.ts";
import { benchDecisions, benchVotes } from "./ballot_bench.ts";
import { benchBreaker } from "./breaker_bench.ts";
import { benchConditions } from "./condition_bench.ts";
import { benchConfig } from "./config_bench.ts";
import { benchConsensus } from "./consensus_bench.ts";
import { benchContention } from "./contention_bench.ts";
import { benchEngines } from "./engines_bench.ts";
import { benchEnums } from "./enums_bench.ts";
import { benchFailover, benchHandOver } from "./failover_bench.ts";
import { benchHealth } from "./health_bench.ts";
import { benchIdle } from "./idle_bench.ts";
import { benchImports } from "./import_bench.ts";
import { benchRecovery } from "./recovery_bench.ts";
import { benchStore } from "./store_bench.ts";
import { benchWork } from "./work_bench.ts";

const isQuick = Deno.args.includes("--quick");
const folder = await Deno.makeTempDir({ prefix: "baton-bench-" });
const encoder = new TextEncoder();
const print = (text: string) => Deno.stdout.writeSync(encoder.encode(`${text}\n`));
try {
  print(
    `Deno ${Deno.version.deno}, ${navigator.hardwareConcurrency} cores, ${Deno.build.target}\n`,
  );
  print(await benchStore(":memory:", "in memory"));
  print(await benchStore(`${folder}/store.db`, "on a local file", isQuick ? 200 : 1_000));
  print(await benchConsensus());
  print(await benchVotes(":memory:", "in memory", isQuick ? 200 : 1_000));
  print(await benchVotes(`${folder}/votes.db`, "on a local file", isQuick ? 200 : 1_000));
  print(await benchDecisions());
  print(await benchWork(":memory:", "in memory", isQuick ? 200 : 2_000));
  print(await benchWork(`${folder}/work.db`, "on a local file", isQuick ? 200 : 1_000));
  print(await benchContention());
  print(await benchEnums());
  print(await benchAvailability());
  print(await benchConfig());
  print(await benchImports());
  print(await benchConditions());
  print(await benchBreaker());
  print(await benchHealth(isQuick ? 50 : 300));
  print(await benchRecovery(isQuick ? 50 : 300));
  print(await benchEngines(`${folder}/engines.db`, isQuick ? 50 : 300));
  print(await benchIdle(`${folder}/idle.db`, isQuick ? 1_000 : 10_000));
  print(await benchHandOver(folder, isQuick ? 10 : 100, 2_000));
  print(await benchFailover(folder, isQuick ? 5 : 50, 2_000));
} finally {
  await Deno.remove(folder, { recursive: true });
}
