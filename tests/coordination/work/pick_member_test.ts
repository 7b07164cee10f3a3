import assert from "node:assert/strict";
import fc from "fast-check";
import { MemberStatus } from "../../../enums/member_status.ts";
import {
  type MemberBurden,
  type PickedMember,
  pickMember,
} from "../../../coordination/work/pick_member.ts";
import { checkProperty } from "../../support/property.ts";

const member = (instanceId: string, fields: Partial<PickedMember> = {}): PickedMember => ({
  instanceId,
  status: MemberStatus.ALIVE,
  takesWork: true,
  labels: {},
  healthScore: 1,
  load: 0,
  ...fields,
});

const burden = (unclaimed: Record<string, number> = {}, stalled: string[] = []): MemberBurden => ({
  unclaimed: new Map(Object.entries(unclaimed)),
  stalled: new Set(stalled),
});

Deno.test("pickMember gives an item to the live, healthy, least loaded member whose labels match", () => {
  const cases: {
    name: string;
    members: PickedMember[];
    labels?: Record<string, string>;
    unclaimed?: Record<string, number>;
    stalled?: string[];
    /** Who had the item in an attempt that failed. */
    failedOn?: string;
    picked: string | null;
  }[] = [
    { name: "nobody", members: [], picked: null },
    { name: "the only one", members: [member("a")], picked: "a" },
    { name: "dead", members: [member("a", { status: "dead" })], picked: null },
    { name: "suspect", members: [member("a", { status: "suspect" })], picked: null },
    { name: "takes none", members: [member("a", { takesWork: false })], picked: null },
    { name: "failed", members: [member("a", { healthScore: 0.49 })], picked: null },
    { name: "without a score", members: [member("a", { healthScore: null })], picked: "a" },
    {
      name: "degraded, though less loaded",
      members: [member("a", { healthScore: 0.79 }), member("b", { load: 9 })],
      picked: "b",
    },
    {
      name: "degraded, when nobody is healthy",
      members: [member("a", { healthScore: 0.5 }), member("b", { healthScore: 0.2 })],
      picked: "a",
    },
    {
      name: "less loaded",
      members: [member("a", { load: 2 }), member("b", { load: 1 })],
      picked: "b",
    },
    {
      name: "less loaded with what it has not claimed yet",
      members: [member("a", { load: 2 }), member("b", { load: 1 })],
      unclaimed: { b: 2 },
      picked: "a",
    },
    {
      name: "another than the one on which it failed, though degraded and loaded",
      members: [member("a"), member("b", { healthScore: 0.5, load: 9 })],
      failedOn: "a",
      picked: "b",
    },
    {
      name: "the one on which it failed, when no other fits",
      members: [member("a"), member("b", { takesWork: false })],
      failedOn: "a",
      picked: "a",
    },
    {
      name: "one that claims rather than one that does not, though it failed there",
      members: [member("a", { load: 9 }), member("b")],
      stalled: ["b"],
      failedOn: "a",
      picked: "a",
    },
    {
      name: "one that does not claim, when no other fits",
      members: [member("a")],
      stalled: ["a"],
      picked: "a",
    },
    {
      name: "labels that match, and more",
      labels: { zone: "eu" },
      members: [member("a"), member("b", { labels: { zone: "eu", disk: "ssd" }, load: 5 })],
      picked: "b",
    },
    {
      name: "another label",
      labels: { zone: "eu" },
      members: [member("a", { labels: { zone: "us" } })],
      picked: null,
    },
    { name: "inherited names", labels: { constructor: "x" }, members: [member("a")], picked: null },
  ];
  for (const { name, members, labels = {}, unclaimed, stalled, failedOn, picked } of cases) {
    const item = { id: "w", labels, ...(failedOn && { attempt: 1, assignee: failedOn }) };
    const known = burden(unclaimed, stalled);
    assert.equal(pickMember(item, members, known), picked, name);
    assert.equal(pickMember(item, members.toReversed(), known), picked, name);
  }
});

Deno.test("pickMember avoids nobody for an item that has not failed", () => {
  const members = [member("a"), member("b", { load: 1 })];
  const item = { id: "w", labels: {}, attempt: 0, assignee: "a" };
  assert.equal(pickMember(item, members, burden()), "a");
});

Deno.test("pickMember spreads ties evenly, and moves only the items of a member that goes", () => {
  const members = Array.from({ length: 8 }, (_, i) => member(`node-${i}`));
  const counts = new Map<string, number>();
  for (let i = 0; i < 8_000; i++) {
    const item = { id: `job-${i}`, labels: {} };
    const picked = pickMember(item, members, burden())!;
    counts.set(picked, (counts.get(picked) ?? 0) + 1);
    const left = members.filter(({ instanceId }) => instanceId !== "node-3");
    if (picked !== "node-3") assert.equal(pickMember(item, left, burden()), picked);
  }
  for (const [id, count] of counts) assert.ok(count > 850 && count < 1_150, `${id}: ${count}`);
  assert.equal(counts.size, 8);
});

Deno.test("pickMember never picks who does not fit, and depends on no order", () => {
  const some = fc.record({
    status: fc.constantFrom(...Object.values(MemberStatus)),
    takesWork: fc.boolean(),
    healthScore: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
    load: fc.nat(3),
    labels: fc.constantFrom<Record<string, string>>({}, { zone: "eu" }, { zone: "us" }),
  });
  const labels = fc.constantFrom<Record<string, string>>({}, { zone: "eu" });
  checkProperty(
    fc.property(fc.array(some, { maxLength: 6 }), labels, fc.string(), (all, labels, id) => {
      const members = all.map((fields, i) => member(`m${i}`, fields));
      const picked = pickMember({ id, labels }, members, burden());
      assert.equal(pickMember({ id, labels }, members.toReversed(), burden()), picked);
      const fits = members.filter((each) =>
        each.status === "alive" && each.takesWork && (each.healthScore ?? 1) >= 0.5 &&
        (labels["zone"] === undefined || each.labels["zone"] === labels["zone"])
      );
      if (picked === null) return assert.equal(fits.length, 0);
      const chosen = fits.find(({ instanceId }) => instanceId === picked)!;
      const isHealthy = (each: PickedMember) => (each.healthScore ?? 1) >= 0.8;
      const rivals = fits.filter((each) => isHealthy(each) === isHealthy(chosen));
      assert.ok(isHealthy(chosen) || !fits.some(isHealthy));
      assert.equal(chosen.load, Math.min(...rivals.map(({ load }) => load)));
    }),
  );
});
