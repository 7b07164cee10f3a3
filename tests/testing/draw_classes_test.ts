import assert from "node:assert/strict";
import { drawClasses, LATER_CLASSES } from "../../testing/draw_classes.ts";
import { FaultClass } from "../../testing/fault_class.ts";
import { seededRandom } from "../../testing/seeded_random.ts";

Deno.test("drawClasses draws three at least, and each in about a third of the cases", () => {
  const all = Object.values(FaultClass);
  const counts = new Map<FaultClass, number>();
  const random = seededRandom(1);
  for (let n = 0; n < 1_000; n++) {
    const drawn = drawClasses(all, () => random);
    assert.ok(drawn.length >= 3);
    assert.equal(new Set(drawn).size, drawn.length);
    for (const name of drawn) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  for (const name of all) {
    const count = counts.get(name) ?? 0;
    assert.ok(count > 230 && count < 370, `${name}: ${count}`);
  }
});

Deno.test("drawClasses draws all of a few", () => {
  assert.deepEqual(drawClasses(["crash", "panic"], () => () => 0.9).sort(), ["crash", "panic"]);
  assert.deepEqual(drawClasses([], () => () => 0), []);
});

Deno.test("drawClasses takes nothing from the chance of older classes for later ones", () => {
  const older = Object.values(FaultClass).filter((name) => !LATER_CLASSES.has(name));
  const draw = (all: readonly FaultClass[]) => {
    const [random, later] = [seededRandom(5), () => 0.99];
    const drawn = drawClasses(all, (name) => LATER_CLASSES.has(name) ? later : random);
    return [drawn, random()];
  };
  assert.deepEqual(draw(Object.values(FaultClass)), draw(older));
});
