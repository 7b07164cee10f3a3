import assert from "node:assert/strict";
import { renderTimeline } from "../../testing/render_timeline.ts";
import { drawSchedule } from "../../testing/sim_schedule.ts";

Deno.test("renderTimeline draws beliefs, terms and faults, and escapes what it is given", () => {
  const page = renderTimeline({
    schedule: drawSchedule(5),
    steps: 12,
    witnesses: {},
    injected: {},
    violation: { atMs: 400, error: new Error("I4: <b>two</b> leaders") },
    events: [
      { atMs: 10, node: null, kind: "term", text: "1 n0" },
      { atMs: 20, node: 0, kind: "belief", text: "1" },
      { atMs: 300, node: 0, kind: "crash", text: "forMs 5" },
      { atMs: 300, node: 0, kind: "belief", text: "" },
    ],
  });
  assert.match(page, /^<!doctype html>/);
  assert.match(page, /I4: &lt;b>two&lt;\/b> leaders/);
  assert.doesNotMatch(page, /<b>/);
  assert.equal(page.match(/<rect /g)?.length, 2);
  assert.match(page, /<title>1: 20\.0–300\.0 ms<\/title>/);
  assert.match(page, /300\.0 ms crash forMs 5/);
  assert.match(page, />violation</);
});
