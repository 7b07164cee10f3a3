import assert from "node:assert/strict";
import { drawFaults } from "../../testing/draw_faults.ts";
import type { FaultClass } from "../../testing/fault_class.ts";
import { seededRandom } from "../../testing/seeded_random.ts";
import { checkFaults } from "../../testing/sim_faults.ts";

const CASES: readonly { readonly name: FaultClass; readonly faults: readonly string[] }[] = [
  { name: "busy", faults: ["busy"] },
  { name: "crash", faults: [] },
  { name: "hang", faults: ["hang"] },
  { name: "lostReply", faults: ["lostReply"] },
  { name: "lostRequest", faults: ["lostRequest"] },
  { name: "tornList", faults: ["tornList"] },
  { name: "watch", faults: ["silentWatch", "stalledWatch"] },
  { name: "zombie", faults: ["zombie"] },
];

for (const { name, faults } of CASES) {
  Deno.test(`drawFaults turns on ${faults.join(" and ") || "nothing"} for ${name}`, () => {
    const drawn = drawFaults((wanted) => wanted === name, seededRandom(2), 800);
    checkFaults(drawn);
    const on = Object.entries(drawn).filter(([, value]) => typeof value === "number" && value > 0);
    assert.deepEqual(on.map(([key]) => key).sort(), faults);
    assert.equal(drawn.latency!.maxMs, 1);
  });
}

Deno.test("drawFaults draws faults that may all happen together", () => {
  for (let seed = 0; seed < 200; seed++) {
    checkFaults(drawFaults(() => true, seededRandom(seed), 800));
  }
});
