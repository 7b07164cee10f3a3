import assert from "node:assert/strict";
import { freeze } from "../support/freeze.ts";
import { ProcessJournal } from "../support/process_journal.ts";
import type { Scenario } from "../support/scenario.ts";
import { assertEachDoneOnce, readWorkLedger, untilDone } from "../support/work_ledger.ts";
import type { WorkEvent, WorkSettings } from "../support/work_settings.ts";

type Journal = ProcessJournal<WorkEvent>;

const KILLS = 10;
const DONE_MAX_MS = 60_000;
const MANY = 2_000;
const PROCESSES = 4;

const settingsOf = (leaseMs: number): WorkSettings => ({
  leaseMs,
  submits: 0,
  submitsAtOnce: 4,
  maxClaims: 5,
  workMs: 60,
  claimMs: 2 * leaseMs,
  isTelling: true,
});

const count = ({ events }: Journal, what: WorkEvent["event"]) =>
  events.filter(({ event }) => event === what).length;

/** Who leads as far as anybody told. */
function leaderOf({ events, live }: Journal): string | undefined {
  const last = events.findLast(({ event }) => event === "elected");
  return last && live.has(last.instanceId) ? last.instanceId : undefined;
}

/** How many claims a process holds as far as it told. */
function heldBy({ events }: Journal, instanceId: string): number {
  const own = events.filter((event) => event.instanceId === instanceId);
  const open = new Set(own.filter(({ event }) => event === "claimed").map(({ id }) => id));
  for (const { event, id } of own) if (event === "completed") open.delete(id);
  return open.size;
}

/** Kills the leader and another in turn, each with claims in its hands. */
async function killOne(journal: Journal, kills: number): Promise<void> {
  const acknowledged = count(journal, "acknowledged");
  const victim = await journal.until("somebody to kill at work", () => {
    const leader = leaderOf(journal);
    if (leader === undefined || count(journal, "acknowledged") < acknowledged + 10) return;
    const candidates = kills % 2 === 0
      ? [leader]
      : [...journal.live.keys()].filter((id) => id !== leader);
    return candidates.find((id) => heldBy(journal, id) > 0);
  });
  await journal.kill(victim);
}

async function losesNothing(storePath: string, leaseMs: number): Promise<void> {
  await using journal: Journal = new ProcessJournal("work_member.ts");
  const settings = { ...settingsOf(leaseMs), submits: 60 };
  for (const id of ["a", "b", "c"]) journal.spawn(storePath, id, settings);
  for (let kills = 0; kills < KILLS; kills++) {
    await killOne(journal, kills);
    journal.spawn(storePath, `r${kills}`, settings);
  }
  const live = [...journal.live.keys()];
  await journal.until(
    "all to be submitted",
    () =>
      live.every((id) =>
        journal.events.some(({ event, instanceId }) => event === "submitted" && instanceId === id)
      ),
  );
  await untilDone(storePath, DONE_MAX_MS);
  await journal[Symbol.asyncDispose]();
  const ledger = await readWorkLedger(storePath);
  assertEachDoneOnce(ledger, journal.events);
  assert.ok(count(journal, "acknowledged") > KILLS * 10, "so much was submitted");
  const again = [...ledger.items.values()].filter(({ attempt }) => attempt > 1);
  assert.ok(again.length > 0, "the killed processes had begun something");
  assert.equal(journal.stderr, "", "no process complained");
}

async function refusesFrozenClaimant(storePath: string, leaseMs: number): Promise<void> {
  await using journal: Journal = new ProcessJournal("work_member.ts");
  const settings = { ...settingsOf(leaseMs), workMs: leaseMs / 2, claimMs: leaseMs };
  journal.spawn(storePath, "a", settings);
  journal.spawn(storePath, "b", settings);
  await journal.until("both", () => count(journal, "started") === 2);
  journal.spawn(storePath, "submitter", { ...settings, maxClaims: 0, submits: 1 });
  const claimed = await journal.until(
    "a claim",
    () => journal.events.find(({ event }) => event === "claimed"),
  );
  const frozen = journal.live.get(claimed.instanceId)!;
  await freeze(frozen, storePath);
  const done = await journal.until(
    "another to do it",
    () => journal.events.find(({ event }) => event === "completed"),
  );
  frozen.kill("SIGCONT");
  const refused = await journal.until(
    "the refusal",
    () => journal.events.find(({ event }) => event === "refused"),
  );
  assert.equal(refused.instanceId, claimed.instanceId);
  assert.equal(refused.name, "ClaimLostError");
  assert.equal(refused.reason, "superseded");
  assert.equal(refused.attempt, claimed.attempt);
  assert.notEqual(done.instanceId, claimed.instanceId);
  assert.ok(done.attempt! > claimed.attempt!);
  assertEachDoneOnce(await readWorkLedger(storePath), journal.events);
}

async function doesManyOnce(storePath: string, leaseMs: number): Promise<void> {
  await using journal: Journal = new ProcessJournal("work_member.ts");
  const settings = {
    ...settingsOf(leaseMs),
    submits: MANY / PROCESSES,
    submitsAtOnce: 100,
    maxClaims: 50,
    workMs: 0,
    claimMs: 30_000,
  };
  for (let i = 0; i < PROCESSES; i++) journal.spawn(storePath, `m${i}`, settings);
  await journal.until("all to be submitted", () => count(journal, "submitted") === PROCESSES);
  await untilDone(storePath, DONE_MAX_MS);
  await journal.until("all to be told", () => count(journal, "completed") >= MANY);
  const ledger = await readWorkLedger(storePath);
  assertEachDoneOnce(ledger, journal.events);
  assert.equal(ledger.items.size, MANY);
}

/** What becomes of work while processes are killed and frozen, and when there is much of it. */
export const WORK_SCENARIOS: readonly Scenario[] = [
  {
    name: "work submitted before each of ten kills is completed exactly once in the record",
    run: losesNothing,
  },
  {
    name: "a claimant that was frozen until another took over cannot record its result",
    run: refusesFrozenClaimant,
  },
  {
    name: "two thousand items go through four processes, each recorded once",
    run: doesManyOnce,
  },
];
