import assert from "node:assert/strict";
import { SimFaultPlan } from "../../testing/sim_fault_plan.ts";

Deno.test("SimFaultPlan gives each side its fates in order, as often as planned", () => {
  const plan = new SimFaultPlan();
  assert.equal(plan.isEmpty, true);
  plan.add({ kind: "busy" }, { on: "commit", times: 2 });
  plan.add({ kind: "lostReply" }, { on: "read" });
  plan.add({ kind: "hang" }, {});
  assert.equal(plan.take("list")!.kind, "lostReply");
  assert.equal(plan.take("set")!.kind, "busy");
  assert.equal(plan.take("delete")!.kind, "busy");
  assert.equal(plan.take("commit")!.kind, "hang");
  assert.equal(plan.take("get"), undefined);
  assert.equal(plan.isEmpty, true);
});

Deno.test("SimFaultPlan forgets everything when it is cleared", () => {
  const plan = new SimFaultPlan();
  plan.add({ kind: "hang" }, { times: 5 });
  plan.clear();
  assert.equal(plan.take("get"), undefined);
});
