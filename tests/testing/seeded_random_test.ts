import assert from "node:assert/strict";
import { seededRandom } from "../../testing/seeded_random.ts";

const draw = (random: () => number, count: number) => Array.from({ length: count }, random);

Deno.test("seededRandom gives the same numbers for the same seed and stream, and others for others", () => {
  assert.deepEqual(draw(seededRandom(1, "a"), 50), draw(seededRandom(1, "a"), 50));
  const others = [seededRandom(1), seededRandom(2), seededRandom(1, "a"), seededRandom(1, "b")];
  const firsts = new Set(others.map((random) => random()));
  assert.equal(firsts.size, others.length);
});

Deno.test("seededRandom spreads evenly over [0, 1)", () => {
  const buckets = Array<number>(10).fill(0);
  for (const value of draw(seededRandom(7), 100_000)) {
    assert.ok(value >= 0 && value < 1);
    buckets[Math.floor(value * 10)]!++;
  }
  for (const count of buckets) assert.ok(Math.abs(count - 10_000) < 500, buckets.join());
});
