/**
 * A candidate in a process of its own that wins, writes one fenced record, resigns and competes
 * again, for as long as it is told to. It tells each term it won, one JSON document a line.
 */
import { LeaderElection, openKv } from "@baton/orchestration/coordination";

const [path, holderId, lifetimeMs] = Deno.args as [string, string, string];
const encoder = new TextEncoder();
const kv = await openKv(path);
const election = new LeaderElection({
  kv,
  name: "churn",
  storePath: path,
  holderId,
  leaseMs: 1_000,
});
for await (const term of election.terms({ signal: AbortSignal.timeout(Number(lifetimeMs)) })) {
  const { ok } = await writeOnce(term.term);
  const line = JSON.stringify({ holderId, term: term.term, fence: term.fence, ok });
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
  await term.resign();

  async function writeOnce(number: number): Promise<{ ok: boolean }> {
    for (;;) {
      try {
        const result = await term.atomic().set(["won", number], holderId).commit();
        return { ok: result.ok };
      } catch (error) {
        if (!String(error).includes("database is locked")) throw error;
      }
    }
  }
}
await election[Symbol.asyncDispose]();
Deno.exit(0);
