import assert from "node:assert/strict";
import { generationKey, MemberPlace, type PlaceSighting } from "../../coordination/member_place.ts";
import { clusterKeys } from "../../coordination/cluster_snapshot.ts";
import { lostReply } from "../support/faults.ts";
import { memberRecord } from "../support/records.ts";
import { TestStore } from "../support/test_store.ts";

const KEY = [...clusterKeys("c").members, "a"];
const GENERATION = generationKey("c", "a");
const DAY_MS = 86_400_000;

function setUp(test: TestStore) {
  const handle = test.handle();
  const store = test.port(handle);
  const options = { store, cluster: "c", instanceId: "a", key: KEY, attemptTimeoutMs: 100 };
  return { handle, place: new MemberPlace(options) };
}

const record = memberRecord({ instanceId: "a", nonce: "n-1" });

Deno.test("MemberPlace take writes the record and a generation that is kept for a day, in one commit", async () => {
  using test = await TestStore.open();
  const { place, handle } = setUp(test);
  const outcome = await place.take(await place.look(), record);
  const { member, generation } = await place.look();
  assert.deepEqual(outcome, { kind: "committed", versionstamp: member.versionstamp });
  assert.equal(generation.versionstamp, member.versionstamp);
  assert.deepEqual([member.value, generation.value], [{ v: 1, ...record }, { v: 1, nonce: "n-1" }]);
  assert.deepEqual(handle.sent.map(({ sets }) => sets.map(({ expireIn }) => expireIn)), [
    [undefined, DAY_MS],
  ]);
});

Deno.test("MemberPlace vacate removes the record and begins another generation", async () => {
  using test = await TestStore.open();
  const { place } = setUp(test);
  await place.take(await place.look(), record);
  const taken = await place.look();
  assert.equal((await place.vacate(taken)).kind, "committed");
  const { member, generation } = await place.look();
  assert.equal(member.versionstamp, null);
  assert.ok(generation.versionstamp! > taken.generation.versionstamp!);
});

Deno.test("MemberPlace refuses a change of what has changed since it was seen", async () => {
  type Change = (place: MemberPlace, seen: PlaceSighting, test: TestStore) => Promise<unknown>;
  const cases: readonly { readonly name: string; readonly between: Change }[] = [
    { name: "the same change, sent before", between: (place, seen) => place.take(seen, record) },
    {
      name: "a registration and a departure, which leave the place as it was",
      between: async (place, seen) => {
        await place.take(seen, record);
        await place.vacate(await place.look());
      },
    },
    {
      name: "a registration and an eviction",
      between: async (place, seen, test) => {
        await place.take(seen, record);
        await test.raw.delete(KEY);
      },
    },
    { name: "a departure that found nothing", between: (place, seen) => place.vacate(seen) },
    {
      name: "a heartbeat",
      between: (_place, _seen, test) => test.raw.set(KEY, { v: 1, ...record }),
    },
  ];
  for (const { name, between } of cases) {
    using test = await TestStore.open();
    const { place } = setUp(test);
    const seen = await place.look();
    await between(place, seen, test);
    const before = await place.look();
    const late = memberRecord({ instanceId: "a", nonce: "n-2" });
    assert.deepEqual(await place.take(seen, late), { kind: "refused" }, name);
    assert.deepEqual(await place.vacate(seen), { kind: "refused" }, name);
    assert.deepEqual(await place.look(), before, name);
  }
});

Deno.test("MemberPlace recognises its own change when the answer is lost", async () => {
  using test = await TestStore.open();
  const { place, handle } = setUp(test);
  handle.onCommit(lostReply, { times: 2 });
  assert.equal((await place.take(await place.look(), record)).kind, "committed");
  assert.equal((await place.vacate(await place.look())).kind, "committed");
});

Deno.test("MemberPlace reads record and generation in one call, and says so when it cannot", async () => {
  using test = await TestStore.open();
  const { place, handle } = setUp(test);
  await place.look();
  assert.equal(handle.reads, 1);
  handle.onRead(() => new Promise(() => {}));
  await assert.rejects(test.until(place.look()), { name: "StoreUnavailableError" });
});

Deno.test("generationKey is not below what everybody lists, and differs by cluster and id", () => {
  assert.notDeepEqual(GENERATION.slice(0, 3), clusterKeys("c").prefix);
  assert.notDeepEqual(generationKey("c", "b"), GENERATION);
  assert.notDeepEqual(generationKey("d", "a"), GENERATION);
});
