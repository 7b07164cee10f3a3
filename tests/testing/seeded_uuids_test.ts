import assert from "node:assert/strict";
import { seededRandom } from "../../testing/seeded_random.ts";
import { seedUuids } from "../../testing/seeded_uuids.ts";

function draw(seed: number, count: number): string[] {
  const end = seedUuids(seededRandom(seed));
  try {
    return Array.from({ length: count }, () => crypto.randomUUID());
  } finally {
    end();
  }
}

Deno.test("seedUuids lets the same seed give the same UUIDs, all of them unlike and well-formed", () => {
  const drawn = draw(1, 500);
  assert.deepEqual(drawn, draw(1, 500));
  assert.notDeepEqual(drawn, draw(2, 500));
  assert.equal(new Set(drawn).size, 500);
  for (const uuid of drawn) {
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  }
});

Deno.test("seedUuids leaves nothing behind, and may be nested", () => {
  const before = crypto.randomUUID;
  const end = seedUuids(seededRandom(1));
  const outer = crypto.randomUUID;
  seedUuids(seededRandom(2))();
  assert.equal(crypto.randomUUID, outer);
  end();
  assert.equal(crypto.randomUUID, before);
  assert.notEqual(draw(1, 1)[0], crypto.randomUUID());
});
