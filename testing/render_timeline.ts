import type { SimEvent, SimResult } from "./sim_program.ts";

const LANE_HEIGHT = 46;
const BAR_HEIGHT = 18;
const LEFT = 90;
const WIDTH = 1_400;
const HUE_STEP = 67;

/**
 * Draws what happened in a simulation as one HTML page: a lane for each node with what it believed
 * and what befell it, one for the terms in the store, and the list of all events.
 *
 * @param result A result that was traced.
 * @returns The page; it needs nothing besides itself.
 */
export function renderTimeline(result: SimResult): string {
  const { schedule, violation, events, steps } = result;
  const lanes = ["store", ...schedule.nodes.map((_, node) => `n${node}`)];
  const scale = WIDTH / Math.max(1, schedule.endAtMs);
  const endMs = violation?.atMs ?? schedule.endAtMs;
  const verdict = violation ? `${violation.error.message}` : "no promise broken";
  const height = lanes.length * LANE_HEIGHT + 30;
  const drawing = [
    ...lanes.map((lane, i) => drawLane(lane, i)),
    ...drawIntervals(events, endMs, scale),
    ...events.filter(({ kind }) => kind !== "belief" && kind !== "term")
      .map((event) => drawMark(event, scale)),
    drawLine(schedule.healAtMs * scale, "heal", "healed", height),
    violation ? drawLine(violation.atMs * scale, "bad", "violation", height) : "",
  ].join("\n");
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Baton simulation, seed ${schedule.seed}</title>
<style>${STYLE}</style></head><body>
<h1>Seed ${schedule.seed}</h1>
<p class="${violation ? "bad" : "good"}">${escape(verdict)}</p>
<p>${schedule.nodes.length} nodes, ${escape(schedule.client)} store, faults: ${
    escape(schedule.classes.join(", "))
  }; ${steps} steps in ${endMs.toFixed(1)} ms of virtual time</p>
<svg width="${LEFT + WIDTH + 20}" height="${height}" role="img">${drawing}</svg>
<table><thead><tr><th>ms</th><th>where</th><th>what</th><th></th></tr></thead><tbody>
${events.map(drawRow).join("\n")}
</tbody></table></body></html>
`;
}

function drawLane(name: string, index: number): string {
  const y = index * LANE_HEIGHT + BAR_HEIGHT;
  return `<text x="4" y="${y + 13}">${escape(name)}</text>` +
    `<line class="lane" x1="${LEFT}" x2="${LEFT + WIDTH}" y1="${y + 9}" y2="${y + 9}"/>`;
}

/** A belief, or a term in the store, lasts until the next one in the same lane. */
function drawIntervals(events: readonly SimEvent[], endMs: number, scale: number): string[] {
  const open = new Map<number | null, SimEvent>();
  const bars: string[] = [];
  const close = (lane: number | null, atMs: number) => {
    const event = open.get(lane);
    open.delete(lane);
    if (event && event.text !== "") bars.push(drawBar(event, atMs, scale));
  };
  for (const event of events) {
    if (event.kind !== "belief" && event.kind !== "term") continue;
    close(event.node, event.atMs);
    open.set(event.node, event);
  }
  for (const lane of [...open.keys()]) close(lane, endMs);
  return bars;
}

function drawBar(event: SimEvent, untilMs: number, scale: number): string {
  const y = laneOf(event) * LANE_HEIGHT + BAR_HEIGHT;
  const width = Math.max(1, (untilMs - event.atMs) * scale);
  const hue = parseInt(event.text) * HUE_STEP % 360;
  const x = LEFT + event.atMs * scale;
  return `<g><title>${escape(event.text)}: ${event.atMs.toFixed(1)}–${
    untilMs.toFixed(1)
  } ms</title>` +
    `<rect x="${x}" y="${y}" width="${width}" height="${BAR_HEIGHT}" fill="hsl(${hue} 60% 70%)"/>` +
    `<text x="${x + 2}" y="${y + 13}">${escape(event.text)}</text></g>`;
}

function drawMark(event: SimEvent, scale: number): string {
  const x = LEFT + event.atMs * scale;
  const y = laneOf(event) * LANE_HEIGHT + BAR_HEIGHT;
  return `<circle class="mark" cx="${x}" cy="${y - 5}" r="3"><title>${
    escape(`${event.atMs.toFixed(1)} ms ${event.kind} ${event.text}`)
  }</title></circle>`;
}

function drawLine(x: number, kind: string, text: string, height: number): string {
  const at = LEFT + x;
  return `<line class="${kind}" x1="${at}" x2="${at}" y1="0" y2="${height}"/>` +
    `<text class="${kind}" x="${at + 3}" y="${height - 6}">${text}</text>`;
}

function drawRow({ atMs, node, kind, text }: SimEvent): string {
  const where = node === null ? "store" : `n${node}`;
  return `<tr><td>${atMs.toFixed(1)}</td><td>${where}</td><td>${escape(kind)}</td><td>${
    escape(text)
  }</td></tr>`;
}

function laneOf({ node }: SimEvent): number {
  return node === null ? 0 : node + 1;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

const STYLE = `
body { font: 14px system-ui, sans-serif; margin: 1.5rem; color: #222; background: #fff; }
svg text { font: 12px system-ui, sans-serif; }
.lane { stroke: #ddd; } .mark { fill: #c60; } .heal { stroke: #2a7; fill: #2a7; }
.bad { stroke: #c22; color: #c22; } text.bad, text.heal { stroke: none; } text.bad { fill: #c22; }
.good { color: #184; } p.bad { font-weight: bold; }
td, th { padding: 1px 10px 1px 0; text-align: left; font-variant-numeric: tabular-nums; }
`;
