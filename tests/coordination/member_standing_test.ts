import assert from "node:assert/strict";
import { momentOf } from "../../coordination/lease_validity.ts";
import { MemberStanding, silenceBeforeTakeoverMs } from "../../coordination/member_standing.ts";
import { FakeClock } from "../../testing/fake_clock.ts";

const SILENCES = [
  {
    heartbeatMs: 300,
    deadAfterMissed: 4,
    leaseMs: 1_000,
    standsMs: 800,
    because: "its id is taken",
  },
  { heartbeatMs: 300, deadAfterMissed: 2, leaseMs: 1_000, standsMs: 480, because: "it is dead" },
  {
    heartbeatMs: 800,
    deadAfterMissed: 9,
    leaseMs: 1_000,
    standsMs: 1_280,
    because: "it beats slowly",
  },
];

for (const { standsMs, because, ...silence } of SILENCES) {
  Deno.test(`MemberStanding lasts ${standsMs} ms, 0.8 of the time until ${because}`, async () => {
    const clock = new FakeClock();
    const standing = new MemberStanding(clock, silence);
    assert.equal(standing.leftMs(), 0, "never heard of");
    const sentAt = momentOf(clock);
    await clock.advance(50);
    standing.renew(sentAt);
    assert.equal(standing.leftMs(), standsMs - 50, "counted from before it was sent");
    await clock.advance(standsMs);
    assert.equal(standing.leftMs(), -50);
  });
}

Deno.test("MemberStanding ends in a suspended machine too", () => {
  const clock = new FakeClock();
  const standing = new MemberStanding(clock, {
    heartbeatMs: 300,
    deadAfterMissed: 4,
    leaseMs: 1_000,
  });
  standing.renew(momentOf(clock));
  clock.freeze(5_000, { monotonic: false });
  assert.ok(standing.leftMs() < 0);
});

Deno.test("silenceBeforeTakeoverMs is a lease, or two heartbeats where these are slower", () => {
  assert.equal(silenceBeforeTakeoverMs(1_000, 300), 1_000);
  assert.equal(silenceBeforeTakeoverMs(1_000, 800), 1_600);
});
