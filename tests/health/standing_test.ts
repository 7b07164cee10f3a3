import assert from "node:assert/strict";
import { SystemStatus } from "../../enums/system_status.ts";
import { judgeStanding, UNSEEN } from "../../health/standing.ts";

const STATUS: Readonly<Record<string, SystemStatus>> = {
  h: SystemStatus.HEALTHY,
  d: SystemStatus.DEGRADED,
  f: SystemStatus.FAILED,
  u: SystemStatus.UNKNOWN,
};

Deno.test("judgeStanding counts looks in a row", () => {
  const cases = [
    { name: "first good look counts", looks: "h", is: "h" },
    { name: "first degraded look counts", looks: "d", is: "d" },
    { name: "two failures leave it unknown", looks: "ff", is: "uu" },
    { name: "three fail it", looks: "fff", is: "uuf" },
    { name: "a good look starts the count anew", looks: "hffhff", is: "hhhhhh" },
    { name: "a failed one stays so until two good looks", looks: "fffhh", is: "uuffh" },
    { name: "a failure starts that count anew", looks: "fffhfhh", is: "uuffffh" },
    { name: "degraded looks take it back too", looks: "fffdd", is: "uuffd" },
    { name: "well and degraded change at once", looks: "hdh", is: "hdh" },
    { name: "what cannot tell is unknown at once", looks: "hufff", is: "huuuf" },
    { name: "unknown forgets a failure", looks: "fffuh", is: "uufuh" },
  ];
  for (const { name, looks, is } of cases) {
    let standing = UNSEEN;
    const seen = [...looks].map((look) => {
      const thresholds = { failureThreshold: 3, successThreshold: 2 };
      standing = judgeStanding(standing, STATUS[look]!, thresholds);
      return standing.status[0]!.toLowerCase();
    });
    assert.equal(seen.join(""), is, name);
  }
});

Deno.test("judgeStanding tells how many there were in a row", () => {
  const once = { failureThreshold: 1, successThreshold: 1 };
  const twice = judgeStanding(judgeStanding(UNSEEN, "FAILED", once), "FAILED", once);
  assert.deepEqual(twice, { status: "FAILED", failures: 2, successes: 0 });
  assert.deepEqual(judgeStanding(twice, "HEALTHY", once), {
    status: "HEALTHY",
    failures: 0,
    successes: 1,
  });
});
