import assert from "node:assert/strict";
import {
  checkClasses,
  classOfAction,
  classOfFault,
  FaultClass,
  LASTING_CLASSES,
} from "../../testing/fault_class.ts";
import { SimFaultKind } from "../../testing/sim_faults.ts";

Deno.test("classOfFault and classOfAction name every class that does not last, but for expiry", () => {
  const named = new Set([
    ...Object.values(SimFaultKind).map(classOfFault),
    classOfAction({ kind: "crash", node: 0, forMs: 1 }, 0),
    classOfAction({ kind: "jumpWall", node: 0, byMs: 1 }, 0),
    classOfAction({ kind: "loss", node: 0 }, 0),
    classOfAction({ kind: "panic", node: 0, forMs: 1 }, 0),
    classOfAction({ kind: "pause", node: 0, forMs: 1, monotonic: true }, 0),
    classOfAction({ kind: "restore", agoMs: 1 }, 0),
    classOfAction({ kind: "restart", node: 0, forMs: 1, variant: 0 }, 0),
    classOfAction({ kind: "restart", node: 0, forMs: 1, variant: 1 }, 0),
  ]);
  named.delete(undefined);
  assert.deepEqual(
    [...named, ...LASTING_CLASSES, FaultClass.EXPIRY].sort(),
    Object.values(FaultClass).sort(),
  );
});

Deno.test("classOfAction leaves partitions and outages to the calls that they befall", () => {
  assert.equal(classOfAction({ kind: "outage", forMs: 1 }, 0), undefined);
  const partition = { kind: "partition", node: 0, forMs: 1, cut: "both" } as const;
  assert.equal(classOfAction(partition, 0), undefined);
  assert.equal(classOfFault("cut"), FaultClass.PARTITION);
});

Deno.test("checkClasses refuses a name that is none", () => {
  checkClasses(Object.values(FaultClass));
  assert.throws(() => checkClasses(["crash", "crsh" as FaultClass]), {
    name: "RangeError",
    message: 'classes must be of FaultClass, got "crsh"',
  });
});
