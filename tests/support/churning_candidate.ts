/**
 * A candidate in a process of its own that wins, writes one fenced record, resigns and competes
 * again, for as long as it is told to. It tells each term it won, one JSON document a line.
 */
import { LeaderElection, openKv, type Term } from "@baton/orchestration/coordination";

/** The lock of another process is no answer. */
async function writeOnce(term: Term): Promise<{ ok: boolean }> {
  for (;;) {
    try {
      const { ok } = await term.atomic().set(["won", term.term], holderId).commit();
      return { ok };
    } catch (error) {
      if (!String(error).includes("database is locked")) throw error;
    }
  }
}

const [path, holderId, lifetimeMs, leaseMs] = Deno.args as [string, string, string, string];
const encoder = new TextEncoder();
const kv = await openKv(path);
const election = new LeaderElection({
  kv,
  name: "churn",
  storePath: path,
  holderId,
  leaseMs: Number(leaseMs),
});
for await (const term of election.terms({ signal: AbortSignal.timeout(Number(lifetimeMs)) })) {
  const { ok } = await writeOnce(term);
  const line = JSON.stringify({ holderId, term: term.term, fence: term.fence, ok });
  Deno.stdout.writeSync(encoder.encode(`${line}\n`));
  await term.resign();
}
await election[Symbol.asyncDispose]();
Deno.exit(0);
