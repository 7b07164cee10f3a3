import { seededRandom } from "./seeded_random.ts";
import type { SimEvent } from "./sim_program.ts";

/** How a timeline is drawn: what of it is shown, and where. */
export interface TimelineScale {
  /** Where the drawing ends, in ms of true time. */
  readonly endMs: number;
  /** @returns The place of a moment, from the left. */
  readonly x: (atMs: number) => number;
}

/** Where the lanes begin, from the left. */
export const LEFT = 70;
/** How wide the lanes are. */
export const WIDTH = 1_400;
/** How high what stands above the lanes is: the labels of moments, then the axis. */
export const TOP = 52;
/** How high a lane is: marks, then a bar, then spans. */
export const LANE_HEIGHT = 62;

const MARKS_HEIGHT = 14;
const BAR_HEIGHT = 18;
const SPAN_HEIGHT = 5;
const SPAN_ROWS = 4;
const LETTER_WIDTH = 7;
const TICKS = 12;
const HUE_STEP = 67;

/** @returns The same colour for the same first word; numbers that follow each other are far apart. */
export function hueOf(text: string): number {
  const word = text.split(" ", 1)[0]!;
  if (/^\d+$/.test(word)) return Number(word) * HUE_STEP % 360;
  return Math.floor(360 * seededRandom(0, word)());
}

/** @returns A place below which a lane's marks are. */
function topOf({ node }: SimEvent): number {
  return TOP + (node === null ? 0 : node + 1) * LANE_HEIGHT;
}

/** Draws the name of a lane and the line that its marks stand on. */
export function drawLane(name: string, index: number): string {
  const y = TOP + index * LANE_HEIGHT;
  return `<line class="lane" x1="0" x2="${LEFT + WIDTH}" y1="${y}" y2="${y}"/>` +
    `<text x="4" y="${y + MARKS_HEIGHT + 13}">${escapeText(name)}</text>`;
}

/** Draws the axis, at round times. */
export function drawAxis({ endMs, x }: TimelineScale, height: number): string {
  const stepMs = roundUp(Math.max(endMs, 1) / TICKS);
  const ticks: string[] = [];
  for (let n = 0; n * stepMs <= endMs; n++) {
    const at = x(n * stepMs).toFixed(1);
    ticks.push(
      `<line class="tick" x1="${at}" x2="${at}" y1="${TOP - 6}" y2="${height}"/>` +
        `<text class="tick" x="${at}" y="${TOP - 9}">${+(n * stepMs).toFixed(3)}</text>`,
    );
  }
  return `<text x="4" y="${TOP - 9}">ms</text>${ticks.join("")}`;
}

/** Draws a moment of the whole cluster; each has a row for its label, so that none lie on others. */
export function drawMoment(
  at: { readonly x: number; readonly row: number; readonly kind: string; readonly text: string },
  height: number,
): string {
  const x = at.x.toFixed(1);
  const y = 12 + 14 * at.row;
  const isRight = at.x > LEFT + 0.8 * WIDTH;
  const place = isRight ? `x="${at.x - 4}" text-anchor="end"` : `x="${at.x + 4}"`;
  return `<line class="${at.kind}" x1="${x}" x2="${x}" y1="${y - 10}" y2="${height}"/>` +
    `<text class="${at.kind}" ${place} y="${y}">${escapeText(at.text)}</text>`;
}

/** Draws beliefs and terms: each lasts until the next one in the same lane. */
export function drawBars(events: readonly SimEvent[], scale: TimelineScale): string[] {
  const open = new Map<number | null, SimEvent>();
  const bars: string[] = [];
  const close = (lane: number | null, atMs: number) => {
    const event = open.get(lane);
    open.delete(lane);
    if (event && event.text !== "") bars.push(drawBar(event, atMs, scale));
  };
  for (const event of events) {
    if (!isBar(event)) continue;
    close(event.node, event.atMs);
    open.set(event.node, event);
  }
  for (const lane of [...open.keys()]) close(lane, scale.endMs);
  return bars;
}

/** @returns Whether an event is drawn as a bar. */
export function isBar({ kind }: SimEvent): boolean {
  return kind === "belief" || kind === "term";
}

function drawBar(event: SimEvent, untilMs: number, { x }: TimelineScale): string {
  const y = topOf(event) + MARKS_HEIGHT;
  const [from, width] = extent(x(event.atMs), x(untilMs));
  const fits = width > event.text.length * LETTER_WIDTH;
  return titled(`${event.text}: ${event.atMs.toFixed(1)}–${untilMs.toFixed(1)} ms`) +
    `<rect class="bar" x="${from}" y="${y}" width="${width}" height="${BAR_HEIGHT}" ` +
    `fill="hsl(${hueOf(event.text)} 60% 75%)"/>` +
    (fits ? `<text x="${from + 3}" y="${y + 13}">${escapeText(event.text)}</text>` : "") + "</g>";
}

/** Draws what lasted, such as pauses and partitions: those that overlap below each other. */
export function drawSpans(events: readonly SimEvent[], { endMs, x }: TimelineScale): string[] {
  const rows = new Map<number | null, number[]>();
  return events.filter(({ untilMs }) => untilMs !== undefined).map((event) => {
    const untilMs = Math.min(event.untilMs!, endMs);
    const ends = rows.get(event.node) ?? [];
    rows.set(event.node, ends);
    const free = ends.findIndex((endedMs) => endedMs <= event.atMs);
    const row = free === -1 ? ends.length : free;
    ends[row] = untilMs;
    const y = topOf(event) + MARKS_HEIGHT + BAR_HEIGHT + 3 +
      (row % SPAN_ROWS) * (SPAN_HEIGHT + 1);
    const [from, width] = extent(x(event.atMs), x(untilMs));
    const title = `${event.kind} ${event.text}: ${event.atMs.toFixed(1)}–${untilMs.toFixed(1)} ms`;
    return titled(title) +
      `<rect x="${from}" y="${y}" width="${width}" height="${SPAN_HEIGHT}" ` +
      `fill="${colourOf(event.kind)}"/></g>`;
  });
}

/** Draws a moment of one lane. */
export function drawMark(event: SimEvent, { x }: TimelineScale): string {
  return titled(`${event.atMs.toFixed(1)} ms ${event.kind} ${event.text}`) +
    `<circle cx="${x(event.atMs).toFixed(1)}" cy="${topOf(event) + MARKS_HEIGHT - 6}" r="3" ` +
    `fill="${colourOf(event.kind)}"/></g>`;
}

/** Draws what the colours of marks and spans stand for. */
export function drawLegend(events: readonly SimEvent[]): string {
  const kinds = [...new Set(events.filter((event) => !isBar(event)).map(({ kind }) => kind))]
    .sort();
  return kinds.map((kind) => {
    const colour = colourOf(kind);
    return `<span><i style="background: ${colour}"></i>${escapeText(kind)}</span>`;
  }).join("\n");
}

/** @returns Text that HTML takes as text. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

function colourOf(kind: string): string {
  return `hsl(${hueOf(kind)} 75% 42%)`;
}

function extent(from: number, until: number): [number, number] {
  return [+from.toFixed(1), +Math.max(1, until - from).toFixed(1)];
}

function titled(text: string): string {
  return `<g><title>${escapeText(text)}</title>`;
}

/** @returns The next of 1, 2, 5, 10, 20, 50 and so on. */
function roundUp(ms: number): number {
  const power = 10 ** Math.floor(Math.log10(ms));
  return [1, 2, 5, 10].map((times) => times * power).find((step) => step >= ms)!;
}
