import assert from "node:assert/strict";
import { drawFate } from "../../testing/sim_fault_fate.ts";
import { seededRandom } from "../../testing/seeded_random.ts";

const FAULTS = { busy: 0.1, lostRequest: 0.1, lostReply: 0.1, zombie: 0.1, hang: 0.1 };

function countKinds(
  operation: "get" | "commit",
  client: "local" | "connect",
): Record<string, number> {
  const random = seededRandom(1);
  const counts: Record<string, number> = {};
  for (let i = 0; i < 10_000; i++) {
    const { kind } = drawFate(FAULTS, operation, client, random);
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

Deno.test("drawFate gives each fault as often as asked, when a local client writes", () => {
  const { done, ...faults } = countKinds("commit", "local");
  assert.deepEqual(Object.keys(faults).toSorted(), Object.keys(FAULTS).toSorted());
  for (const [kind, count] of Object.entries(faults)) {
    assert.ok(count > 900 && count < 1_100, `${kind}: ${count}`);
  }
  assert.ok(done! > 4_800);
});

Deno.test("drawFate gives no zombies to reads, and no locks to clients of KV Connect", () => {
  assert.equal(countKinds("get", "local")["zombie"], undefined);
  assert.equal(countKinds("commit", "connect")["busy"], undefined);
});

Deno.test("drawFate draws nothing when there are no faults", () => {
  const random = () => assert.fail("drawn");
  assert.deepEqual(drawFate({}, "commit", "local", random), { kind: "done" });
});

Deno.test("drawFate gives a zombie its delay, and an answer to some", () => {
  const faults = { zombie: 1, zombieDelay: { minMs: 10, maxMs: 20 }, zombieAnswer: 0.5 };
  const random = seededRandom(1);
  const answered = new Set<boolean>();
  for (let i = 0; i < 100; i++) {
    const fate = drawFate(faults, "set", "local", random);
    assert.ok(fate.kind === "zombie" && fate.delayMs >= 10 && fate.delayMs <= 20);
    answered.add(fate.isAnswered);
  }
  assert.equal(answered.size, 2);
});
