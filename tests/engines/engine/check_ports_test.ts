import assert from "node:assert/strict";
import { systemClock } from "../../../clock.ts";
import { checkPorts } from "../../../engines/engine/check_ports.ts";
import { UserPermits } from "../../../engines/engine/user_permits.ts";
import { FakeClock } from "../../../testing/fake_clock.ts";

Deno.test("checkPorts accepts what an engine works with, and what was not given", () => {
  checkPorts({});
  const events = { send: () => {} };
  checkPorts({ permits: new UserPermits(), events, clock: systemClock, allowWorkers: true });
  checkPorts({ clock: new FakeClock(), allowWorkers: false });
});

Deno.test("checkPorts refuses what is something else, by its name", () => {
  const { sleep: _, ...sleepless } = systemClock;
  const cases: [ports: Parameters<typeof checkPorts>[0], message: string][] = [
    [{ permits: {} }, "permits must be UserPermits, got an object"],
    [{ permits: null }, "permits must be UserPermits, got null"],
    [{ events: 5 }, "events must have a method send, got 5"],
    [{ events: { send: 5 } }, "events must have a method send, got an object"],
    [{ clock: {} }, "clock must have the methods of a Clock, got an object"],
    [{ clock: sleepless }, "clock must have the methods of a Clock, got an object"],
    [{ allowWorkers: "yes" }, 'allowWorkers must be true or false, got "yes"'],
  ];
  for (const [ports, message] of cases) {
    assert.throws(() => checkPorts(ports), { name: "TypeError", message });
  }
});
