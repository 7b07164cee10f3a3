import assert from "node:assert/strict";
import { readValue } from "../../testing/kv_value.ts";
import { checkExpireIn, SimKvAtomic, type SimKvCommit } from "../../testing/sim_kv_atomic.ts";

type Sent = Parameters<SimKvCommit>;

function recorded(): { readonly sent: Sent[]; readonly operation: SimKvAtomic } {
  const sent: Sent[] = [];
  const operation = new SimKvAtomic((...parts) => {
    sent.push(parts);
    return Promise.resolve({ ok: false });
  });
  return { sent, operation };
}

Deno.test("SimKvAtomic sends checks and changes in order, with what each carries", async () => {
  const { sent, operation } = recorded();
  const result = await operation
    .check({ key: ["a"], versionstamp: null })
    .set(["a"], { n: 1 }, { expireIn: 5 })
    .delete(["b"])
    .sum(["c"], 1n)
    .mutate({ type: "max", key: ["d"], value: new Deno.KvU64(2n) })
    .commit();
  assert.deepEqual(result, { ok: false });
  const [checks, changes] = sent[0]!;
  assert.deepEqual(checks, [{ key: ["a"], versionstamp: null }]);
  const seen = changes.map(({ type, key, operand, expireInMs }) => [
    type,
    key[0],
    operand ? readValue(operand) : null,
    expireInMs,
  ]);
  assert.deepEqual(seen, [
    ["set", "a", { n: 1 }, 5],
    ["delete", "b", null, undefined],
    ["sum", "c", new Deno.KvU64(1n), undefined],
    ["max", "d", new Deno.KvU64(2n), undefined],
  ]);
});

Deno.test("SimKvAtomic sends what it holds at that moment", async () => {
  const { sent, operation } = recorded();
  operation.set(["a"], 1);
  await operation.commit();
  operation.set(["b"], 1);
  await operation.commit();
  assert.deepEqual(sent.map(([, changes]) => changes.length), [1, 2]);
});

Deno.test("SimKvAtomic has no queue and is no promise", () => {
  const { operation } = recorded();
  assert.throws(() => operation.enqueue(), { name: "TypeError", message: /^Enqueue operations/ });
  assert.throws(() => operation.then(), { name: "TypeError", message: /is not a promise/ });
});

Deno.test("checkExpireIn takes whole ms from 0 up, or nothing", () => {
  for (const expireIn of [undefined, 0, 1, 1e15]) checkExpireIn(expireIn);
  for (const expireIn of [-1, 0.5, NaN, Infinity]) {
    assert.throws(() => checkExpireIn(expireIn), TypeError);
  }
});
