import assert from "node:assert/strict";
import type { Term } from "../../../coordination/term.ts";
import { StoreUnavailableError } from "../../../coordination/errors.ts";
import type { Assigner } from "../../../coordination/work/assigner.ts";
import type { CommitPart } from "../../../coordination/work/commit_part.ts";
import { WorkCounters } from "../../../coordination/work/work_counters.ts";
import { resolveWorkItem } from "../../../coordination/work/work_item.ts";
import { WorkKeys } from "../../../coordination/work/work_keys.ts";
import { WorkMover } from "../../../coordination/work/work_mover.ts";
import type { WorkCopy } from "../../../coordination/work/work_record.ts";
import type { WorkSetting } from "../../../coordination/work/work_setting.ts";
import { WorkTransitions } from "../../../coordination/work/work_transitions.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const keys = new WorkKeys("c");
const clock = new FakeClock();
const transitions = new WorkTransitions({ keys, clock, retainMs: 1_000 });
const term = { term: 3, check: { key: ["term"], versionstamp: "3" } } as unknown as Term;
const order = { term: 1, n: 0 };

function copyOf(id: string): WorkCopy {
  const { record } = transitions.acknowledge(resolveWorkItem({ id, payload: 1 }), {
    assignee: "a",
    order,
    fence: term.check,
  });
  return { key: keys.readyAt("a", 0, order), record, versionstamp: "7" };
}

/** A mover whose commits end as is said of each item. */
function moverOf(outcomes: Record<string, "committed" | "refused" | "lost">) {
  const parts: CommitPart[] = [];
  const counters = new WorkCounters();
  const commit = (part: CommitPart) => {
    parts.push(part);
    const kind = outcomes[String(part.witness.key.at(-1))];
    return kind === "lost"
      ? Promise.reject(new StoreUnavailableError("write", new Error("gone")))
      : Promise.resolve({ kind });
  };
  const setting = { commits: { commit }, counters, transitions } as unknown as WorkSetting;
  let n = 0;
  const assigner = { nextOrder: () => ({ term: 3, n: n++ }) } as unknown as Assigner;
  return { mover: new WorkMover(setting, assigner), parts, counters };
}

Deno.test("WorkMover moveAll tells what was moved and what was refused, and counts what failed", async () => {
  const { mover, parts, counters } = moverOf({ x: "committed", y: "refused", z: "lost" });
  const copies = ["x", "y", "z", "left"].map(copyOf);
  const { moved, refused } = await mover.moveAll(
    copies,
    (copy) => mover.assignment(term, copy, copy.record.id === "left" ? null : "b"),
  );
  assert.equal(moved, 1);
  assert.deepEqual(refused, [copies[1]]);
  assert.equal(parts.length, 3);
  assert.deepEqual([counters.read().reassigned, counters.read().failures], [1, 1]);
});

Deno.test("WorkMover assignment is fenced, and in the order in which it was asked for", () => {
  const { mover } = moverOf({});
  assert.equal(mover.assignment(term, copyOf("x"), null), null);
  const [first, second] = ["x", "y"].map((id) => mover.assignment(term, copyOf(id), "b")!);
  assert.ok(first!.part.checks.includes(term.check));
  const ready = [first!, second!].map(({ part }) => part.sets[1]!.key);
  assert.deepEqual(ready, [0, 1].map((n) => keys.readyAt("b", 0, { term: 3, n })));
});

Deno.test("WorkMover readable leaves out and counts what cannot be read", () => {
  const { mover, counters } = moverOf({});
  const { record } = copyOf("x");
  const entries = [
    { key: keys.waitingAt("x"), value: { v: 1, ...record }, versionstamp: "7" },
    { key: keys.waitingAt("y"), value: "foreign", versionstamp: "8" },
  ];
  assert.deepEqual(mover.readable(entries).map(({ key }) => key), [keys.waitingAt("x")]);
  assert.equal(counters.read().corruptRecords, 1);
});
