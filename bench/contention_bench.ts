import { LeaderElection } from "@baton/orchestration/coordination";
import { table } from "./figures.ts";

const DURATION_MS = 3_000;

/** Many candidates of one process that all want the same term, and give it up at once. */
export async function benchContention(): Promise<string> {
  const rows: string[][] = [];
  for (const candidates of [2, 10, 100]) {
    const { wins, commits } = await contend(candidates);
    rows.push([
      String(candidates),
      Math.round(wins / (DURATION_MS / 1_000)).toLocaleString("en"),
      ((commits - wins) / wins).toFixed(2),
    ]);
  }
  return table("Contention: win, resign, again (in memory, one store handle each)", [
    "candidates",
    "terms won per s",
    "attempts to acquire per term",
  ], rows);
}

async function contend(candidates: number): Promise<{ wins: number; commits: number }> {
  using kv = await Deno.openKv(":memory:");
  let wins = 0;
  let commits = 0;
  const stop = AbortSignal.timeout(DURATION_MS);
  const elections = Array.from({ length: candidates }, () => {
    const counting = new Proxy(kv, {
      get(target, property) {
        if (property === "atomic") commits++;
        const value = Reflect.get(target, property);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    return new LeaderElection({ kv: counting, name: "contended", storePath: ":memory:" });
  });
  await Promise.all(elections.map(async (election) => {
    for await (const term of election.terms({ signal: stop })) {
      wins++;
      await term.resign();
    }
  }));
  await Promise.all(elections.map((election) => election[Symbol.asyncDispose]()));
  return { wins, commits };
}
