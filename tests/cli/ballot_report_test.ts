import assert from "node:assert/strict";
import {
  describeBallots,
  renderDecidedBallots,
  renderOpenBallots,
} from "../../cli/ballot_report.ts";
import type { BallotOverview } from "../../coordination/ballot_overview.ts";
import type { Ballot } from "../../coordination/ballots/ballot.ts";
import { ballot, decidedBallot } from "./ballot_samples.ts";

const NOW_MS = Date.UTC(2026, 0, 1, 0, 0, 10);
const NONE: BallotOverview = { openCount: 0, open: [], decided: [] };
const open = (...ballots: Ballot[]) => ballots.map((one) => ({ ballot: one, voters: 1 }));

/** The cells of a table's last row, by its columns of at least two spaces between. */
const lastRow = (table: string) => table.trimEnd().split("\n").at(-1)!.split(/ {2,}/);

Deno.test("describeBallots says how many are open", () => {
  const cases: { ballots: Partial<BallotOverview>; text: string }[] = [
    { ballots: {}, text: "none" },
    { ballots: { decided: [decidedBallot()] }, text: "none open" },
    { ballots: { openCount: 25, open: open(ballot()) }, text: "25 open" },
    {
      ballots: { openCount: null, open: open(ballot()) },
      text: "an unreadable number open, 1 shown",
    },
  ];
  for (const { ballots, text } of cases) {
    assert.equal(describeBallots({ ...NONE, ...ballots }), text);
  }
});

Deno.test("renderOpenBallots shows a row for each, and how many are not shown", () => {
  assert.equal(renderOpenBallots(NONE, NOW_MS), "");
  assert.equal(
    renderOpenBallots({ ...NONE, openCount: 3, open: open(ballot()) }, NOW_MS),
    `OPEN BALLOT  TOPIC  CHOICES  VOTED   TIME LEFT
q            Go?    yes, no  1 of 3  about 50s
and 2 more
`,
  );
});

Deno.test("renderOpenBallots says what is left of the deadline, and cuts long texts", () => {
  const cases: { name: string; ballot: Ballot; cells: string[] }[] = [
    {
      name: "over",
      ballot: ballot({ deadlineMs: 10_000 }),
      cells: ["q", "Go?", "yes, no", "1 of 3", "over"],
    },
    {
      name: "opened by a clock that is ahead",
      ballot: ballot({ openedAt: "2026-01-01T00:10:00.000Z" }),
      cells: ["q", "Go?", "yes, no", "1 of 3", "about 1m"],
    },
    {
      name: "no time",
      ballot: ballot({ openedAt: "today" }),
      cells: ["q", "Go?", "yes, no", "1 of 3", "-"],
    },
    {
      name: "sealed",
      ballot: ballot({ status: "sealed" }),
      cells: ["q", "Go?", "yes, no", "1 of 3", "sealed"],
    },
    {
      name: "long",
      ballot: ballot({ topic: "t".repeat(51), choices: ["c".repeat(60), "d"] }),
      cells: ["q", `${"t".repeat(49)}…`, `${"c".repeat(49)}…`, "1 of 3", "about 50s"],
    },
  ];
  for (const { name, ballot: one, cells } of cases) {
    const table = renderOpenBallots({ ...NONE, openCount: 1, open: open(one) }, NOW_MS);
    assert.deepEqual(lastRow(table), cells, name);
  }
  const unread = { ...NONE, openCount: null, open: [{ ballot: ballot(), voters: null }] };
  assert.equal(lastRow(renderOpenBallots(unread, NOW_MS))[3], "? of 3");
});

Deno.test("renderDecidedBallots shows how each ended", () => {
  assert.equal(renderDecidedBallots(NONE, NOW_MS), "");
  const decided = [
    decidedBallot(),
    decidedBallot({ ballotId: "q-tie" }, { choice: null, reason: "tie" }),
    decidedBallot({ ballotId: "q-long" }, { choice: "c".repeat(51) }),
  ];
  assert.equal(
    renderDecidedBallots({ ...NONE, decided }, NOW_MS),
    `DECIDED BALLOT  TOPIC  OUTCOME${" ".repeat(45)}VOTED   AGE
q               Go?    yes${" ".repeat(49)}2 of 3  5s
q-tie           Go?    none, tie${" ".repeat(43)}2 of 3  5s
q-long          Go?    ${"c".repeat(49)}…  2 of 3  5s
`,
  );
});
