import assert from "node:assert/strict";
import type { HealthState } from "../../../health/health_state.ts";
import {
  promptHealth,
  promptMembers,
  promptPhases,
} from "../../../orchestration/recovery/outside_deadlines.ts";
import type { RecoveryMember } from "../../../orchestration/recovery/recovery_environment.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

const STATE: HealthState = { retry: { failures_1h: 3 } };
const JUDGEMENT = { severityScore: 0.5 };
const MEMBERS: readonly RecoveryMember[] = [{ status: "alive", healthScore: 1 }];
const ANOMALY = { anomalyType: "crash", severityScore: 1 };

/** Each asks somebody outside who answers as told. */
const ASKED: readonly {
  readonly name: string;
  readonly answer: unknown;
  readonly ask: (reply: () => unknown, clock: FakeClock) => Promise<unknown>;
}[] = [
  {
    name: "promptHealth",
    answer: STATE,
    ask: (reply, clock) =>
      promptHealth({ getComprehensiveState: reply as () => Promise<HealthState> }, clock)
        .getComprehensiveState(),
  },
  {
    name: "promptPhases",
    answer: JUDGEMENT,
    ask: async (reply, clock) =>
      await promptPhases({ assess: reply as () => null }, clock).assess(ANOMALY, "LAUNCH"),
  },
  {
    name: "promptMembers",
    answer: MEMBERS,
    ask: async (reply, clock) => {
      const getNodes = reply as () => Promise<typeof MEMBERS>;
      return await promptMembers({ instanceId: "a", isLeader: true, getNodes }, clock);
    },
  },
];

for (const { name, answer, ask } of ASKED) {
  Deno.test(`${name} gives the answer that comes within ten seconds, and leaves no timer`, async () => {
    const replies: readonly ((clock: FakeClock) => unknown)[] = [
      () => answer,
      () => Promise.resolve(answer),
      (clock) => clock.sleep(9_999).then(() => answer),
    ];
    for (const reply of replies) {
      const clock = new FakeClock();
      const asked = ask(() => reply(clock), clock);
      await clock.advance(9_999);
      assert.equal(await asked, answer);
      assert.equal(clock.sleeperCount, 0);
    }
  });

  Deno.test(`${name} gives up after ten seconds`, async () => {
    const clock = new FakeClock();
    let isOver = false;
    const asked = ask(() => new Promise(() => {}), clock).finally(() => isOver = true);
    asked.catch(() => {});
    await clock.advance(9_999);
    assert.equal(isOver, false);
    await clock.advance(1);
    await assert.rejects(asked, { name: "DeadlineError", message: "no answer within 10000 ms" });
    assert.equal(clock.sleeperCount, 0);
  });

  Deno.test(`${name} rejects with what is thrown, at once or later`, async () => {
    const clock = new FakeClock();
    const broken = () => {
      throw new Error("broken");
    };
    for (const reply of [broken, () => Promise.reject(new Error("broken"))]) {
      await assert.rejects(ask(reply, clock), { message: "broken" });
      assert.equal(clock.sleeperCount, 0);
    }
  });
}

Deno.test("promptPhases tells the handler what it was told", async () => {
  const told: unknown[] = [];
  const handler = { assess: (...given: unknown[]) => (told.push(...given), null) };
  assert.equal(await promptPhases(handler, new FakeClock()).assess(ANOMALY, "LAUNCH"), null);
  assert.deepEqual(told, [ANOMALY, "LAUNCH"]);
});

Deno.test("promptHealth asks the source as its own method", async () => {
  const source = {
    state: STATE,
    getComprehensiveState() {
      return Promise.resolve(this.state);
    },
  };
  assert.equal(await promptHealth(source, new FakeClock()).getComprehensiveState(), STATE);
});
