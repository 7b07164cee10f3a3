import assert from "node:assert/strict";
import type { SimEvent } from "../../testing/sim_program.ts";
import {
  drawAxis,
  drawBars,
  drawLegend,
  drawMoment,
  drawSpans,
  hueOf,
  LEFT,
  WIDTH,
} from "../../testing/timeline_drawing.ts";

const SCALE = { endMs: 1_000, x: (atMs: number) => LEFT + atMs };

function places(drawn: readonly string[], attribute: string): number[] {
  const found = drawn.join("").matchAll(new RegExp(`<rect[^>]* ${attribute}="([\\d.]+)"`, "g"));
  return [...found].map(([, value]) => Number(value));
}

Deno.test("hueOf gives equal first words equal colours, and any text a colour", () => {
  assert.equal(hueOf("lock n1"), hueOf("lock n2"));
  assert.notEqual(hueOf("lock"), hueOf("free"));
  assert.notEqual(hueOf("1"), hueOf("2"));
  for (const text of ["", "12", "-1", "held by n0", "🔒", "1e400", "007 x"]) {
    const hue = hueOf(text);
    assert.ok(hue >= 0 && hue < 360, `${text}: ${hue}`);
  }
});

Deno.test("drawBars ends a bar at the next one of its lane, at an empty text or at the end", () => {
  const event = (atMs: number, node: number | null, text: string): SimEvent => (
    { atMs, node, kind: node === null ? "term" : "belief", text }
  );
  const bars = drawBars([
    event(100, 0, "lock"),
    event(150, null, "1 n0"),
    event(300, 0, ""),
    event(400, 0, "free"),
  ], SCALE);
  assert.deepEqual(places(bars, "x"), [LEFT + 100, LEFT + 150, LEFT + 400]);
  assert.deepEqual(places(bars, "width"), [200, 850, 600]);
  assert.doesNotMatch(bars.join(""), /NaN/);
});

Deno.test("drawSpans draws what overlaps below each other, and ends with the drawing", () => {
  const span = (atMs: number, untilMs: number): SimEvent => (
    { atMs, untilMs, node: 1, kind: "pause", text: "" }
  );
  const spans = drawSpans([span(0, 300), span(100, 400), span(350, 5_000)], SCALE);
  const [first, second, third] = places(spans, "y");
  assert.ok(second! > first!);
  assert.equal(third, first);
  assert.deepEqual(places(spans, "width"), [300, 300, 650]);
});

Deno.test("drawAxis has a tick at every round time, whatever the length", () => {
  for (
    const [endMs, wanted] of [[1_000, "0,100,200"], [3_400, "0,500,1000"], [7, "0,1,2"]] as const
  ) {
    const ticks = [...drawAxis({ ...SCALE, endMs }, 99).matchAll(/>([\d.]+)</g)].map(([, n]) => n);
    assert.equal(ticks.slice(0, 3).join(), wanted);
    assert.ok(ticks.length >= 5 && ticks.length <= 13, `${ticks.length}`);
  }
});

Deno.test("drawMoment puts labels in rows of their own, inside the drawing", () => {
  const label = (x: number, row: number) => (
    /<text[^>]* y="(\d+)"/.exec(drawMoment({ x, row, kind: "bad", text: "violation" }, 99))![1]
  );
  assert.notEqual(label(100, 0), label(100, 1));
  const last = drawMoment({ x: LEFT + WIDTH, row: 0, kind: "bad", text: "violation" }, 99);
  assert.match(last, /text-anchor="end"/);
});

Deno.test("drawLegend names each kind of mark and span once", () => {
  const kinds = ["pause", "busy", "pause", "belief"];
  const legend = drawLegend(kinds.map((kind) => ({ atMs: 0, node: 0, kind, text: "" })));
  assert.deepEqual([...legend.matchAll(/<\/i>(\w+)</g)].map(([, kind]) => kind), ["busy", "pause"]);
});
