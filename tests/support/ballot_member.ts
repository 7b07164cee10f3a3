/**
 * A cluster member in a process of its own that votes on every ballot it may, and says how each was
 * decided, for tests to kill. What it did is told on standard output, one JSON document a line.
 */
import { DistributedResilienceCoordinator, openKv } from "@baton/orchestration/coordination";
import type { BallotEvent, BallotSettings } from "./ballot_settings.ts";
import { startUp } from "./start_up.ts";

const DEADLINE_MS = 30_000;
const [path, instanceId, text] = Deno.args as [string, string, string];
const { leaseMs, votesAfterMs, proposes }: BallotSettings = JSON.parse(text);

function tell(event: BallotEvent["event"], details: Partial<BallotEvent> = {}): void {
  const line = JSON.stringify({ event, instanceId, ...details });
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

/** A vote that the others did not need is refused: too late. */
async function vote(ballotId: string): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, votesAfterMs));
  for (;;) {
    try {
      await node.vote(ballotId, "yes");
      return tell("voted", { ballotId });
    } catch (error) {
      const { name, reason } = error as Error & { reason?: string };
      if (name === "StoreUnavailableError") continue;
      return tell("refused", { ballotId, name, ...(reason && { reason }) });
    }
  }
}

async function sayOutcome(ballotId: string): Promise<void> {
  const { outcome } = await node.decided(ballotId);
  const certificate = await node.certificate(ballotId);
  const { isEqual } = await node.recount(ballotId);
  tell("decided", {
    ballotId,
    choice: outcome!.choice,
    decidedBy: outcome!.decidedBy,
    decidedStamp: certificate.decidedStamp,
    voters: certificate.votes.map(({ instanceId }) => instanceId),
    isConsistent: isEqual && certificate.isConsistent(),
  });
}

async function voteOnAll(): Promise<void> {
  for await (const { ballotId } of node.openBallots()) {
    void vote(ballotId);
    void sayOutcome(ballotId);
  }
}

const kv = await openKv(path);
const node = new DistributedResilienceCoordinator({
  kv,
  storePath: path,
  instanceId,
  timing: { leaseMs },
});
await startUp(node);
tell("started");
void voteOnAll();
if (proposes) {
  const { ballotId, electors } = proposes;
  await node.propose("Go on?", ["yes", "no"], { ballotId, electors, deadlineMs: DEADLINE_MS });
  tell("proposed", { ballotId });
}
const failure = await node.untilStopped();
if (failure) tell("failed", { name: failure.name });
