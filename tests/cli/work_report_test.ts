import assert from "node:assert/strict";
import { describeWork, renderDeadLetters } from "../../cli/work_report.ts";
import type { WorkOverview } from "../../coordination/work_overview.ts";

const NONE: WorkOverview = {
  backlog: 0,
  ready: [],
  claimed: 0,
  waiting: 0,
  unacknowledged: 0,
  dead: 0,
  deadLetters: [],
  countMax: 500,
};

const ready = (...items: number[]) =>
  items.map((count, n) => ({ instanceId: `m${n}`, items: count }));

Deno.test("describeWork says what there is to do, and no more", () => {
  const cases: { name: string; work: Partial<WorkOverview>; text: string }[] = [
    { name: "nothing", work: {}, text: "none" },
    {
      name: "everywhere",
      work: {
        backlog: 12,
        ready: ready(3, 5),
        claimed: 3,
        waiting: 1,
        unacknowledged: 4,
        dead: 2,
      },
      text: "12 unfinished: 8 ready (m1 5, m0 3), 3 claimed, 1 waiting; 4 not acknowledged; 2 dead",
    },
    { name: "dead only", work: { dead: 2 }, text: "2 dead" },
    { name: "not acknowledged only", work: { unacknowledged: 1 }, text: "1 not acknowledged" },
    { name: "moving while it is read", work: { backlog: 1 }, text: "1 unfinished" },
    {
      name: "counted out of step",
      work: { claimed: 1 },
      text: "0 unfinished: 1 claimed",
    },
    {
      name: "at the bound",
      work: {
        backlog: 9_000,
        ready: ready(500, 20),
        claimed: 500,
        waiting: 499,
        unacknowledged: 500,
        dead: 500,
      },
      text: "9000 unfinished: 520+ ready (m0 500+, m1 20), 500+ claimed, 499 waiting; " +
        "500+ not acknowledged; 500+ dead",
    },
    {
      name: "a sum that only looks like the bound",
      work: { backlog: 500, ready: ready(250, 250) },
      text: "500 unfinished: 500 ready (m0 250, m1 250)",
    },
    {
      name: "many members",
      work: { backlog: 28, ready: ready(1, 2, 3, 4, 5, 6, 7) },
      text: "28 unfinished: 28 ready (m6 7, m5 6, m4 5, m3 4, m2 3, 2 more members)",
    },
    {
      name: "a counter that cannot be read",
      work: { backlog: null },
      text: "an unreadable number unfinished",
    },
  ];
  for (const { name, work, text } of cases) {
    assert.equal(describeWork({ ...NONE, ...work }), text, name);
  }
});

const letter = (fields: Partial<WorkOverview["deadLetters"][number]> = {}) => ({
  id: "w",
  attempt: 5,
  assignee: "a",
  error: "Error: no disk",
  ...fields,
});

Deno.test("renderDeadLetters shows a row for each, and how many are not shown", () => {
  const header = "DEAD LETTER  ATTEMPTS  LAST MEMBER  ERROR\n";
  const row = "w            5         a            Error: no disk\n";
  const cases: { name: string; work: Partial<WorkOverview>; text: string }[] = [
    { name: "none", work: {}, text: "" },
    { name: "one", work: { dead: 1, deadLetters: [letter()] }, text: header + row },
    {
      name: "more than are shown",
      work: { dead: 12, deadLetters: [letter()] },
      text: `${header}${row}and 11 more\n`,
    },
    {
      name: "at the bound",
      work: { dead: 500, deadLetters: [letter()] },
      text: `${header}${row}and 499+ more\n`,
    },
    {
      name: "without an error",
      work: { dead: 1, deadLetters: [letter({ error: null })] },
      text: `${header}w            5         a            -\n`,
    },
    {
      name: "with a long one",
      work: { dead: 1, deadLetters: [letter({ error: "x".repeat(81) })] },
      text: `${header}w            5         a            ${"x".repeat(79)}…\n`,
    },
  ];
  for (const { name, work, text } of cases) {
    assert.equal(renderDeadLetters({ ...NONE, ...work }), text, name);
  }
});
