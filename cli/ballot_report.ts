import type { BallotOverview, PendingBallot } from "../coordination/ballot_overview.ts";
import type { Ballot } from "../coordination/ballots/ballot.ts";
import { BallotStatus } from "../enums/ballot_status.ts";
import { formatAge } from "./age.ts";
import { formatDuration } from "./parse_duration.ts";
import { shorten } from "./shorten.ts";
import { renderTable } from "./table.ts";

const TEXT_MAX_LENGTH = 50;

/** @returns The ballots on one line, for people. */
export function describeBallots({ openCount, open, decided }: BallotOverview): string {
  if (openCount === null) return `an unreadable number open, ${open.length} shown`;
  if (openCount > 0) return `${openCount} open`;
  return decided.length > 0 ? "none open" : "none";
}

/** @returns The ballots that are not decided, for people; nothing when there are none. */
export function renderOpenBallots({ openCount, open }: BallotOverview, nowMs: number): string {
  if (open.length === 0) return "";
  const rows = open.map((pending) => openRow(pending, nowMs));
  const header = ["OPEN BALLOT", "TOPIC", "CHOICES", "VOTED", "TIME LEFT"];
  const hidden = (openCount ?? 0) - open.length;
  return `${renderTable(header, rows)}${hidden > 0 ? `and ${hidden} more\n` : ""}`;
}

/** @returns The ballots that were decided last, for people; nothing when there are none. */
export function renderDecidedBallots({ decided }: BallotOverview, nowMs: number): string {
  if (decided.length === 0) return "";
  const rows = decided.map((ballot) => decidedRow(ballot, nowMs));
  return renderTable(["DECIDED BALLOT", "TOPIC", "OUTCOME", "VOTED", "AGE"], rows);
}

function openRow({ ballot, voters }: PendingBallot, nowMs: number): readonly string[] {
  const { ballotId, topic, choices } = ballot;
  return [
    ballotId,
    shorten(topic, TEXT_MAX_LENGTH),
    shorten(choices.join(", "), TEXT_MAX_LENGTH),
    `${voters ?? "?"} of ${ballot.electors}`,
    describeTimeLeft(ballot, nowMs),
  ];
}

/** Each node counts a deadline by its own clock, so what is left is known about only. */
function describeTimeLeft(ballot: Ballot, nowMs: number): string {
  if (ballot.status === BallotStatus.SEALED) return "sealed";
  const leftMs = Date.parse(ballot.openedAt) + ballot.deadlineMs - nowMs;
  if (Number.isNaN(leftMs)) return "-";
  return leftMs > 0 ? `about ${formatDuration(Math.min(leftMs, ballot.deadlineMs))}` : "over";
}

function decidedRow(ballot: Ballot, nowMs: number): readonly string[] {
  const { ballotId, topic, outcome, electors } = ballot;
  const choice = outcome?.choice ?? null;
  return [
    ballotId,
    shorten(topic, TEXT_MAX_LENGTH),
    choice === null ? `none, ${outcome?.reason}` : shorten(choice, TEXT_MAX_LENGTH),
    `${outcome?.tally.voters ?? "?"} of ${electors}`,
    formatAge(outcome?.decidedAt ?? null, nowMs),
  ];
}
