import assert from "node:assert/strict";
import { readDuty, type RecoveryDuty, writeDuty } from "../../cli/recovery_duty.ts";
import { MemoryRecoveryStorage } from "../../orchestration/recovery/memory_recovery_storage.ts";
import type { RecoveryTerm } from "../../orchestration/recovery/recovery_lane.ts";

const DUTY: RecoveryDuty = { node: "a", term: 3, enabled: true, dry_run: false, rejected: null };

function termThat(isValid: boolean): RecoveryTerm {
  const check = { key: ["none"], versionstamp: null };
  const { signal } = new AbortController();
  return { check, isValid: () => isValid, term: 3, fence: "f", signal };
}

Deno.test("readDuty reads what writeDuty wrote, and nothing of what it cannot read", async () => {
  const storage = new MemoryRecoveryStorage();
  assert.equal(await readDuty(storage), null);
  await writeDuty(storage, { ...DUTY, rejected: "x".repeat(9_000) }, termThat(true));
  assert.deepEqual(await readDuty(storage), { ...DUTY, rejected: "x".repeat(500) });
  await storage.commit({ sets: [{ key: ["duty"], value: { node: "a" } }] });
  assert.equal(await readDuty(storage), null);
});

Deno.test("writeDuty writes nothing once the term is over", async () => {
  const storage = new MemoryRecoveryStorage();
  await writeDuty(storage, DUTY, termThat(false));
  assert.equal(await readDuty(storage), null);
});
