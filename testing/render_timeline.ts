import type { SimEvent, SimResult } from "./sim_program.ts";
import {
  drawAxis,
  drawBars,
  drawLane,
  drawLegend,
  drawMark,
  drawMoment,
  drawSpans,
  escapeText,
  isBar,
  LANE_HEIGHT,
  LEFT,
  type TimelineScale,
  TOP,
  WIDTH,
} from "./timeline_drawing.ts";

/** How much is shown after a violation, as a share of the time until then. */
const AFTER_VIOLATION = 0.03;

/**
 * Draws what happened in a simulation as one HTML page: a lane for each node with what it believed
 * and what befell it, one for the terms in the store, and the list of all events. It ends soon after
 * a violation.
 *
 * @param result A result that was traced.
 * @returns The page; it needs nothing besides itself.
 */
export function renderTimeline(result: SimResult): string {
  const { schedule, violation, events, steps } = result;
  const verdict = violation
    ? `${violation.error.message} (at ${violation.atMs.toFixed(1)} ms)`
    : "no promise broken";
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Simulation of seed ${schedule.seed}</title>
<style>${STYLE}</style></head><body>
<h1>Seed ${schedule.seed}</h1>
<p class="${violation ? "bad" : "good"}">${escapeText(verdict)}</p>
<p>${schedule.nodes.length} nodes, ${escapeText(schedule.client)} store, classes of faults: ${
    escapeText(schedule.classes.join(", "))
  }; ${steps} steps</p>
${draw(result)}
<p class="legend">${drawLegend(events)}</p>
<p class="legend">Bars: what the store says (its term) and what a node believes, one colour for each.
Dots: what happened. Strips: what lasted. Point at anything for more.</p>
<table><thead><tr><th>ms</th><th>where</th><th>what</th><th></th></tr></thead><tbody>
${events.map(drawRow).join("\n")}
</tbody></table></body></html>
`;
}

function draw({ schedule, violation, events }: SimResult): string {
  const endMs = violation
    ? Math.min(schedule.endAtMs, violation.atMs * (1 + AFTER_VIOLATION) + 1)
    : schedule.endAtMs;
  const x = (atMs: number) => LEFT + Math.min(atMs, endMs) / Math.max(1, endMs) * WIDTH;
  const scale: TimelineScale = { endMs, x };
  const lanes = ["store", ...schedule.nodes.map((_, node) => `n${node}`)];
  const height = TOP + lanes.length * LANE_HEIGHT;
  const drawing = [
    drawAxis(scale, height),
    ...lanes.map(drawLane),
    ...drawBars(events, scale),
    ...drawSpans(events, scale),
    ...events.filter((event) => !isBar(event) && event.untilMs === undefined).map((event) =>
      drawMark(event, scale)
    ),
  ];
  if (schedule.healAtMs <= endMs) {
    const healed = { x: x(schedule.healAtMs), row: 0, kind: "heal", text: "all faults end" };
    drawing.push(drawMoment(healed, height));
  }
  if (violation) {
    const broken = { x: x(violation.atMs), row: 1, kind: "bad", text: "violation" };
    drawing.push(drawMoment(broken, height));
  }
  return `<svg width="${LEFT + WIDTH + 20}" height="${height}" role="img">
${drawing.join("\n")}
</svg>`;
}

function drawRow({ atMs, node, kind, text, untilMs }: SimEvent): string {
  const where = node === null ? "store" : `n${node}`;
  const until = untilMs === undefined ? "" : ` (until ${untilMs.toFixed(1)} ms)`;
  return `<tr><td>${atMs.toFixed(1)}</td><td>${where}</td><td>${escapeText(kind)}</td><td>${
    escapeText(text + until)
  }</td></tr>`;
}

const STYLE = `
body { font: 14px system-ui, sans-serif; margin: 1.5rem; color: #222; background: #fff; }
svg text { font: 12px system-ui, sans-serif; fill: #222; }
.lane { stroke: #bbb; } line.tick { stroke: #eee; }
svg text.tick { text-anchor: middle; fill: #666; }
line.heal { stroke: #2a7; } svg text.heal { fill: #185; }
line.bad { stroke: #c22; stroke-width: 2; } svg text.bad { fill: #c22; font-weight: bold; }
p.bad { color: #c22; font-weight: bold; } p.good { color: #184; }
.legend span { margin-right: 1.2em; white-space: nowrap; }
.legend i { display: inline-block; width: 10px; height: 10px; margin-right: 4px; }
td, th { padding: 1px 10px 1px 0; text-align: left; font-variant-numeric: tabular-nums; }
`;
