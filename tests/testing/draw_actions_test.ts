import assert from "node:assert/strict";
import { drawActions } from "../../testing/draw_actions.ts";
import { FaultClass } from "../../testing/fault_class.ts";
import { seededRandom } from "../../testing/seeded_random.ts";

const KINDS: Readonly<Partial<Record<FaultClass, string>>> = {
  crash: "crash",
  loss: "loss",
  panic: "panic",
  pause: "pause",
  partition: "partition",
  reconfigure: "restart",
  restart: "restart",
  storeOutage: "outage",
  storeRestore: "restore",
  wallJump: "jumpWall",
};

for (const name of Object.values(FaultClass)) {
  const kind = KINDS[name];
  Deno.test(`drawActions draws ${kind ?? "nothing"} for ${name}`, () => {
    const random = seededRandom(1, name);
    for (let n = 0; n < 100; n++) {
      const actions = drawActions(name, random, 3, 800);
      assert.deepEqual(new Set(actions.map((action) => action.kind)), new Set(kind ? [kind] : []));
      for (const action of actions) {
        if ("node" in action) assert.ok(action.node >= 0 && action.node < 3);
        if ("forMs" in action) assert.ok(action.forMs >= 0 && action.forMs <= 2.6 * 800);
      }
    }
  });
}
