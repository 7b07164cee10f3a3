import assert from "node:assert/strict";
import fc from "fast-check";
import { MemberStatus } from "../../../enums/member_status.ts";
import { type PickedMember, pickMember } from "../../../coordination/work/pick_member.ts";
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

Deno.test("pickMember gives an item to the live, healthy, least loaded member whose labels match", () => {
  const cases: {
    name: string;
    members: PickedMember[];
    labels?: Record<string, string>;
    assigned?: Record<string, number>;
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
      name: "less loaded with what was assigned since",
      members: [member("a", { load: 2 }), member("b", { load: 1 })],
      assigned: { b: 2 },
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
  for (const { name, members, labels = {}, assigned = {}, picked } of cases) {
    const since = new Map(Object.entries(assigned));
    assert.equal(pickMember({ id: "w", labels }, members, since), picked, name);
    assert.equal(pickMember({ id: "w", labels }, members.toReversed(), since), picked, name);
  }
});

Deno.test("pickMember spreads ties evenly, and moves only the items of a member that goes", () => {
  const members = Array.from({ length: 8 }, (_, i) => member(`node-${i}`));
  const counts = new Map<string, number>();
  for (let i = 0; i < 8_000; i++) {
    const item = { id: `job-${i}`, labels: {} };
    const picked = pickMember(item, members, new Map())!;
    counts.set(picked, (counts.get(picked) ?? 0) + 1);
    const left = members.filter(({ instanceId }) => instanceId !== "node-3");
    if (picked !== "node-3") assert.equal(pickMember(item, left, new Map()), picked);
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
      const picked = pickMember({ id, labels }, members, new Map());
      assert.equal(pickMember({ id, labels }, members.toReversed(), new Map()), picked);
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
