import assert from "node:assert/strict";
import { configure, type LogRecord, reset } from "@logtape/logtape";
import { warnOfIdleLeaders } from "../../cli/idle_leaders.ts";
import { writeDuty } from "../../cli/recovery_duty.ts";
import type { LeaderView } from "../../coordination/leader_election_options.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const DUTY = { node: "b", term: 3, enabled: true, dry_run: false, rejected: null };

/** @returns What was warned of when a node saw these leaders. */
async function warnings(views: readonly LeaderView[]): Promise<readonly unknown[]> {
  const records: LogRecord[] = [];
  await configure({
    sinks: { memory: (record) => void records.push(record) },
    loggers: [
      { category: ["baton"], sinks: ["memory"] },
      { category: ["logtape", "meta"], sinks: [] },
    ],
  });
  const storage = new MemoryRecoveryStorage();
  const { signal } = new AbortController();
  const check = { key: ["none"], versionstamp: null };
  await writeDuty(storage, DUTY, { check, isValid: () => true, term: 3, fence: "f", signal });
  const clock = new FakeClock();
  const node = {
    instanceId: "a",
    changes: async function* () {
      await Promise.resolve();
      yield* views;
    },
  };
  let isOver = false;
  const watching = warnOfIdleLeaders(node, { storage, clock, signal }).finally(() => isOver = true);
  for (let turn = 0; !isOver && turn < 100; turn++) await clock.advance(1_000);
  await watching;
  await reset();
  return records.map(({ properties }) => properties);
}

Deno.test("warnOfIdleLeaders warns of another leader that does not say that it does recovery", async () => {
  const cases: readonly { what: string; view: LeaderView; wanted: readonly unknown[] }[] = [
    { what: "one that does", view: { holderId: "b", term: 3 }, wanted: [] },
    {
      what: "one that does not",
      view: { holderId: "c", term: 4 },
      wanted: [{ leader: "c", term: 4 }],
    },
    { what: "itself", view: { holderId: "a", term: 4 }, wanted: [] },
    { what: "nobody", view: { holderId: null, term: 4 }, wanted: [] },
  ];
  for (const { what, view, wanted } of cases) {
    assert.deepEqual(await warnings([view]), wanted, what);
  }
});
