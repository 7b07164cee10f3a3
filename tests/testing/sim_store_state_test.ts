import assert from "node:assert/strict";
import { encodeKey } from "../../testing/kv_key.ts";
import { storeValue } from "../../testing/kv_value.ts";
import { encodeChange, type KvWrite } from "../../testing/kv_write.ts";
import { type SimCommit, SimStoreState } from "../../testing/sim_store_state.ts";
import { SimTime } from "../../testing/sim_time.ts";

const WRITER = {};

function open() {
  const time = new SimTime();
  const commits: SimCommit[] = [];
  const state = new SimStoreState({
    versionGaps: false,
    staleMaxMs: 0,
    time,
    random: () => 0.5,
    limits: "deno",
    expiryLateMaxMs: 100,
    onCommit: (commit) => commits.push(commit),
  });
  return { time, state, commits };
}

function sets(key: Deno.KvKey, value: unknown, expireInMs?: number): KvWrite {
  const operand = storeValue(value);
  return { checks: [], changes: [encodeChange({ type: "set", key, operand, expireInMs })] };
}

Deno.test("SimStoreState removes an expired value late, and lets it block checks until then (T1)", async () => {
  const { time, state } = open();
  state.commit(sets(["a"], 1, 1_000), WRITER);
  const check = { checks: [{ encoded: encodeKey(["a"]), versionstamp: null }], changes: [] };
  await time.advance(1_049);
  assert.equal(state.read(encodeKey(["a"]))!.stored.value, 1);
  assert.equal(state.commit(check, WRITER).kind, "refused");
  await time.advance(1);
  assert.equal(state.read(encodeKey(["a"])), undefined);
  assert.equal(state.commit(check, WRITER).kind, "committed");
});

Deno.test("SimStoreState keeps for ever what is set or summed again without expireIn", async () => {
  const { time, state } = open();
  state.commit(sets(["a"], 1, 10), WRITER);
  state.commit(sets(["a"], 2), WRITER);
  const one = storeValue(new Deno.KvU64(1n));
  state.commit(sets(["n"], new Deno.KvU64(1n), 10), WRITER);
  const sum = encodeChange({ type: "sum", key: ["n"], operand: one, expireInMs: undefined });
  state.commit({ checks: [], changes: [sum] }, WRITER);
  await time.advance(1_000);
  assert.equal(state.size, 2);
  assert.equal(state.read(encodeKey(["a"]))!.stored.value, 2);
});

Deno.test("SimStoreState tells listeners of their keys only, and who wrote", () => {
  const { state } = open();
  const heard: unknown[] = [];
  const unlisten = state.listen([encodeKey(["a"])], (writer) => heard.push(writer));
  state.commit(sets(["b"], 1), WRITER);
  assert.deepEqual(heard, []);
  state.commit(sets(["a"], 1), WRITER);
  assert.equal(heard[0], WRITER);
  state.notifyAll();
  unlisten();
  state.commit(sets(["a"], 2), WRITER);
  assert.deepEqual(heard, [WRITER, null]);
});

Deno.test("SimStoreState goes back to a copy as often as asked, versionstamps included (T12)", () => {
  const { state } = open();
  const stamp = (value: number) => {
    const outcome = state.commit(sets(["a"], value), WRITER);
    assert.ok(outcome.kind === "committed");
    return outcome.versionstamp;
  };
  stamp(1);
  const copy = state.copy();
  const second = stamp(2);
  for (let i = 0; i < 2; i++) {
    state.replace(copy);
    assert.equal(state.read(encodeKey(["a"]))!.stored.value, 1);
    assert.equal(stamp(3), second);
  }
  state.wipe();
  assert.equal(state.size, 0);
  assert.equal(stamp(4), "00000000000000010000");
});

Deno.test("SimStoreState reports each commit that is applied, and no other", async () => {
  const { time, state, commits } = open();
  await time.advance(7);
  state.commit(sets(["a"], 1), WRITER);
  const refused = {
    ...sets(["b"], 1),
    checks: [{ encoded: encodeKey(["a"]), versionstamp: null }],
  };
  assert.equal(state.commit(refused, WRITER).kind, "refused");
  assert.deepEqual(commits, [
    { atMs: 7, versionstamp: "00000000000000010000", keys: [["a"]] },
  ]);
});
