import assert from "node:assert/strict";
import type { BallotEvent, BallotSettings } from "../support/ballot_settings.ts";
import { ProcessJournal } from "../support/process_journal.ts";
import type { Scenario } from "../support/scenario.ts";

type Journal = ProcessJournal<BallotEvent>;

const VOTERS = ["a", "b", "c"];
const PROPOSERS = 4;
/** The others vote while the proposer dies. */
const KILL_SPREAD_MS = 40;
const SLOW_MS = 400;

const told = ({ events }: Journal, what: BallotEvent["event"], ballotId: string) =>
  events.filter((event) => event.event === what && event.ballotId === ballotId);

/** Waits until all of them say how the ballot was decided. */
async function untilTold(journal: Journal, by: readonly string[], ballotId: string): Promise<void> {
  await journal.until(`${by} to say how "${ballotId}" was decided`, () => {
    const said = told(journal, "decided", ballotId).map(({ instanceId }) => instanceId);
    return by.every((id) => said.includes(id));
  });
}

/** Fails unless everybody saw one and the same decision, by votes that count up to it. */
function assertDecidedOnce(journal: Journal, ballotId: string): void {
  const seen = told(journal, "decided", ballotId);
  for (const { choice, decidedBy, decidedStamp, voters, isConsistent } of seen) {
    assert.equal(choice, "yes");
    assert.equal(isConsistent, true, "recount and certificate agree with the outcome");
    assert.equal(new Set(voters).size, voters!.length, "one vote per member");
    assert.deepEqual(
      { decidedBy, decidedStamp, voters },
      {
        decidedBy: seen[0]!.decidedBy,
        decidedStamp: seen[0]!.decidedStamp,
        voters: seen[0]!.voters,
      },
      "another decision",
    );
  }
}

async function start(
  journal: Journal,
  storePath: string,
  settings: BallotSettings,
): Promise<void> {
  for (const id of VOTERS) journal.spawn(storePath, id, settings);
  await journal.until(
    "all voters",
    () => journal.events.filter(({ event }) => event === "started").length === VOTERS.length,
  );
}

async function outlivesProposer(storePath: string, leaseMs: number): Promise<void> {
  await using journal: Journal = new ProcessJournal("ballot_member.ts");
  const settings = { leaseMs, votesAfterMs: KILL_SPREAD_MS / 2 };
  await start(journal, storePath, settings);
  for (let round = 0; round < PROPOSERS; round++) {
    const [ballotId, proposer] = [`ballot-${round}`, `p${round}`];
    const electors = [...VOTERS, proposer];
    // It has not voted when it dies: the three others are just a majority of four.
    const votesAfterMs = 10 * leaseMs;
    journal.spawn(storePath, proposer, { leaseMs, votesAfterMs, proposes: { ballotId, electors } });
    await journal.until("the proposal", () => told(journal, "proposed", ballotId)[0]);
    await new Promise((resolve) => setTimeout(resolve, KILL_SPREAD_MS * round / PROPOSERS));
    await journal.kill(proposer);
    await untilTold(journal, VOTERS, ballotId);
    assertDecidedOnce(journal, ballotId);
    const { voters } = told(journal, "decided", ballotId)[0]!;
    assert.deepEqual(voters!.toSorted(), VOTERS);
  }
  assert.equal(journal.stderr, "", "no process complained");
}

async function outlivesVoters(storePath: string, leaseMs: number): Promise<void> {
  await using journal: Journal = new ProcessJournal("ballot_member.ts");
  const [ballotId, early] = ["ballot", "p"];
  const electors = [...VOTERS, early];
  await start(journal, storePath, { leaseMs, votesAfterMs: SLOW_MS });
  journal.spawn(storePath, early, { leaseMs, votesAfterMs: 0, proposes: { ballotId, electors } });
  await journal.until(
    "its vote",
    () => told(journal, "voted", ballotId).some(({ instanceId }) => instanceId === early),
  );
  await journal.kill(early);
  const voted = await journal.until(
    "a vote of another",
    () => told(journal, "voted", ballotId).find(({ instanceId }) => instanceId !== early),
  );
  await journal.kill(voted.instanceId);
  const left = VOTERS.filter((id) => id !== voted.instanceId);
  await untilTold(journal, left, ballotId);
  assertDecidedOnce(journal, ballotId);
  const { voters } = told(journal, "decided", ballotId)[0]!;
  assert.ok(voters!.includes(early) && voters!.includes(voted.instanceId), "their votes count");
}

/** What becomes of ballots while processes are killed. */
export const BALLOT_SCENARIOS: readonly Scenario[] = [
  {
    name: "three processes decide each ballot exactly once although its proposer is killed",
    run: outlivesProposer,
  },
  {
    name: "the votes of processes that were killed count in the one decision",
    run: outlivesVoters,
  },
];
