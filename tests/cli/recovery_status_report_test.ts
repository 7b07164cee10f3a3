import assert from "node:assert/strict";
import {
  type RecoveryStanding,
  renderRecoveryStatus,
  renderRecoveryStatusJson,
} from "../../cli/recovery_status_report.ts";
import { entryOf, ledgerOf } from "./recovery_samples.ts";

const NOW_MS = Date.parse("2026-01-01T01:00:00Z");
const EMPTY: RecoveryStanding = {
  cluster: "default",
  leader: null,
  term: 3,
  duty: null,
  lanes: [],
  lanesHidden: 0,
  pauses: [],
  entries: [],
};
const lane = {
  name: "cluster",
  ledger: ledgerOf(NOW_MS - 5_000, NOW_MS + 60_000),
  chains: [{
    id: "c",
    anomaly_type: "web\u001b[31m",
    step: 1,
    steps: 2,
    action_type: "mend",
    state: "running",
    attempt: 1,
  }],
  pending: [{
    type: "leak",
    severity: 0.5,
    confidence: 0,
    metadata: {},
    recurrenceCount: 0,
    firstMs: NOW_MS - 2_000,
    lastMs: NOW_MS,
    told: 2,
    node: "a",
  }],
  requests: 1,
  unreadable: ["lanes / x"],
};
const FULL: RecoveryStanding = {
  ...EMPTY,
  leader: "a",
  lanes: [lane],
  lanesHidden: 2,
  pauses: [
    { id: "p1", reason: "upgrade", actor: "ada", since: "2026-01-01T00:59:00Z", until: null },
    {
      id: "p2",
      reason: "look",
      actor: "bob",
      since: "2026-01-01T00:59:00Z",
      until: "2026-01-01T01:01:00Z",
    },
  ],
  entries: [entryOf()],
};

Deno.test("renderRecoveryStatus says what to do where recovery has not run", () => {
  const text = renderRecoveryStatus(EMPTY, NOW_MS);
  assert.match(text, /^Leader {3}none \(last term 3\)$/m);
  assert.match(text, /start a coordinator with --recovery FILE/);
});

Deno.test("renderRecoveryStatus shows everything, fit for a terminal", () => {
  const text = renderRecoveryStatus(FULL, NOW_MS);
  for (
    const wanted of [
      /^Requests +1 that nobody has taken$/m,
      /^Unreadable +lanes \/ x$/m,
      /^ada +upgrade +1m ago +with recovery resume +p1$/m,
      /^bob +look +1m ago +in 1m +p2$/m,
      /^cluster +3 +1 +2 +3 +1 +0 +- +-$/m,
      /^and 2 more of nodes that are gone or idle$/m,
      /^cluster +web\ufffd\[31m +1\/2 +mend +running +1$/m,
      /^cluster +leak +0\.50 +2 +2s$/m,
      /^cluster +mend +5s ago +2 +1m$/m,
      /crash/,
    ]
  ) assert.match(text, wanted);
});

Deno.test("renderRecoveryStatusJson tells the same in one document", () => {
  const told = JSON.parse(renderRecoveryStatusJson(FULL));
  assert.equal(told.paused, true);
  assert.equal(told.lanes[0].actions_failed, 2);
  assert.equal(told.lanes[0].actions[0].frozen_until, "2026-01-01T01:01:00.000Z");
  assert.equal(told.lanes[0].pending[0].anomaly_type, "leak");
  assert.equal(told.last_entries.length, 1);
  assert.equal(JSON.parse(renderRecoveryStatusJson(EMPTY)).paused, false);
});

Deno.test("renderRecoveryStatus says how the leader does recovery, if it does", () => {
  const duty = { node: "a", term: 3, enabled: true, dry_run: false, rejected: null };
  const lead = { ...EMPTY, leader: "a" };
  const acted = entryOf({ lane: "cluster", term: 3 });
  const cases: readonly { what: string; standing: RecoveryStanding; wanted: RegExp }[] = [
    { what: "nobody said", standing: lead, wanted: /^Recovery +NOT SEEN on the leader/m },
    {
      what: "an earlier leader said",
      standing: { ...lead, duty: { ...duty, term: 2 } },
      wanted: /NOT SEEN/,
    },
    {
      what: "a program acted",
      standing: { ...lead, entries: [acted] },
      wanted: /runs on the leader/,
    },
    { what: "it runs", standing: { ...lead, duty }, wanted: /^Recovery +runs on the leader$/m },
    {
      what: "it is off",
      standing: { ...lead, duty: { ...duty, enabled: false } },
      wanted: /^Recovery +SWITCHED OFF/m,
    },
    {
      what: "a dry run",
      standing: { ...lead, duty: { ...duty, dry_run: true } },
      wanted: /^Recovery +DRY RUN/m,
    },
    {
      what: "a file was rejected",
      standing: { ...lead, duty: { ...duty, rejected: "p.yaml:1:1 wrong" } },
      wanted: /^File +REJECTED, the last good one is in force: p\.yaml:1:1 wrong$/m,
    },
  ];
  for (const { what, standing, wanted } of cases) {
    assert.match(renderRecoveryStatus(standing, NOW_MS), wanted, what);
  }
  assert.doesNotMatch(renderRecoveryStatus({ ...EMPTY, duty }, NOW_MS), /^Recovery {2}/m);
  const told = JSON.parse(renderRecoveryStatusJson({ ...lead, duty }));
  assert.deepEqual(told.leader_recovery, { enabled: true, dry_run: false, file_rejected: null });
  assert.equal(JSON.parse(renderRecoveryStatusJson(lead)).leader_recovery, null);
});
