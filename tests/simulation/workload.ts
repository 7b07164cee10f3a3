import type { DistributedResilienceCoordinator } from "../../coordination/distributed_resilience_coordinator.ts";
import { ClaimLostError } from "../../coordination/work/work_errors.ts";
import type { Claim } from "../../coordination/work/claim.ts";
import type { SimCluster } from "../../testing/sim_cluster.ts";
import type { SimProcess } from "../../testing/sim_node.ts";
import type { WorkInvariants } from "./work_invariants.ts";

/** A process, and what it runs. */
export interface Worker {
  readonly cluster: SimCluster;
  readonly process: SimProcess;
  readonly coordinator: DistributedResilienceCoordinator;
  readonly isAwake: () => boolean;
}

const ITEMS = 2;
/** Some run out sooner than their dead claimant is noticed, some much later. */
const CLAIMS_MS = [400, 2_000];
/** Some are given up soon. */
const MAX_ATTEMPTS = [8, 2];
/** How often a loop is begun again while its coordinator is not running. */
const RETRY_MS = 100;

/** Assigns a few items, one by one or all at once. */
export async function assignItems(worker: Worker, invariants: WorkInvariants): Promise<void> {
  const { clock, random, signal } = worker.process;
  const isBurst = random() < 0.8;
  const under: Promise<void>[] = [];
  for (let n = 0; n < ITEMS; n++) {
    if (n === 0 || !isBurst) await clock.sleep(500 * random(), { signal }).catch(() => {});
    under.push(assignItem(worker, invariants, n));
    if (!isBurst) await under.at(-1);
  }
  await Promise.all(under);
}

/** Assigns an item until it is acknowledged, however often that takes. */
async function assignItem(
  { cluster, process: { id, start, clock, random, signal }, coordinator }: Worker,
  invariants: WorkInvariants,
  n: number,
): Promise<void> {
  const claimMs = CLAIMS_MS[n % CLAIMS_MS.length]!;
  const item = {
    id: `${id}-${start}-${n}`,
    payload: { claimMs },
    claimMs,
    backoffMs: 20,
    maxAttempts: MAX_ATTEMPTS[Math.floor(random() * MAX_ATTEMPTS.length)]!,
  };
  while (!signal.aborted) {
    try {
      await coordinator.assignWork(item, { timeoutMs: 800, signal });
      cluster.check(() => invariants.acknowledged(item.id));
      return;
    } catch {
      await clock.sleep(150, { signal }).catch(() => {});
    }
  }
}

/** Takes work and does it, one by one or all at once: in time or too late, well or badly. */
export async function takeWork(worker: Worker, invariants: WorkInvariants): Promise<void> {
  const { process: { clock, random, signal }, coordinator } = worker;
  const isOneByOne = random() < 0.5;
  while (!signal.aborted) {
    await clock.sleep(RETRY_MS, { signal }).catch(() => {});
    try {
      for await (const claim of coordinator.work({ signal, maxClaims: 3 })) {
        const handled = handle(worker, invariants, claim);
        if (isOneByOne) await handled;
      }
    } catch {
      // The coordinator is not running: it is started again.
    }
  }
}

async function handle(
  { cluster, process, isAwake }: Worker,
  invariants: WorkInvariants,
  claim: Claim,
): Promise<void> {
  const { id, start, clock, random } = process;
  const open = { id: claim.id, holder: `${id}/${start}`, isValid: () => claim.isValid() };
  invariants.claimed(open, isAwake);
  try {
    const { claimMs } = claim.payload as { readonly claimMs: number };
    const hold = () => clock.sleep(isSlow() ? claimMs * (0.5 + random()) : 50 * random());
    const isSlow = () => random() < 0.25 && !cluster.isHealed;
    await hold();
    if (random() < 0.4) {
      await claim.renew({ progress: 1 });
      await hold();
    }
    if (random() < 0.05 && !cluster.isHealed) return; // forgets to end it
    if (random() < 0.35 && !cluster.isHealed) await claim.fail(new Error("bad luck"));
    else await claim.complete({ by: open.holder, attempt: claim.attempt });
  } catch (error) {
    if (error instanceof ClaimLostError) cluster.witness("a late result was refused");
    else cluster.witness("the end of a claim stayed unknown");
    await letGo(process, claim);
  }
  invariants.closed(open);
}

/** Gives an item back, however often that takes. */
async function letGo({ clock, signal }: SimProcess, claim: Claim): Promise<void> {
  while (!signal.aborted) {
    try {
      return await claim.release();
    } catch (error) {
      if (error instanceof ClaimLostError) return;
      await clock.sleep(50, { signal }).catch(() => {});
    }
  }
}

/** Votes on whatever is open, at random. */
export async function voteOnBallots({ process, coordinator }: Worker): Promise<void> {
  const { clock, random, signal } = process;
  while (!signal.aborted) {
    await clock.sleep(RETRY_MS, { signal }).catch(() => {});
    try {
      for await (const { ballotId, choices } of coordinator.openBallots({ signal })) {
        const vote = random() < 0.1
          ? coordinator.abstain(ballotId)
          : coordinator.vote(ballotId, choices[Math.floor(random() * random() * choices.length)]!);
        await vote.catch(() => {});
        if (random() < 0.3) void coordinator.vote(ballotId, choices[0]!).catch(() => {});
      }
    } catch {
      // The coordinator is not running: it is started again.
    }
  }
}

/** Asks one question, until it is known to be open. */
export async function proposeBallot({ process, coordinator }: Worker): Promise<void> {
  const { id, start, clock, random, signal } = process;
  await clock.sleep(1_200 * random(), { signal }).catch(() => {});
  while (!signal.aborted) {
    try {
      const question = { deadlineMs: 600, ballotId: `${id}-${start}`, signal };
      await coordinator.propose("upgrade?", ["yes", "no"], question);
      await coordinator.decided(question.ballotId, { signal });
      return;
    } catch {
      await clock.sleep(150, { signal }).catch(() => {});
    }
  }
}
