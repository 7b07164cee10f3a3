import { displayText } from "../config/display_text.ts";
import type { WorkOverview } from "../coordination/work_overview.ts";
import { shorten } from "./shorten.ts";
import { renderTable } from "./table.ts";

const MEMBERS_SHOWN = 5;
const ERROR_MAX_LENGTH = 80;

/** @returns The work on one line, for people. */
export function describeWork(work: WorkOverview): string {
  const { backlog, claimed, waiting, unacknowledged, dead } = work;
  const places = joined(", ", [
    describeReady(work),
    counted(claimed, "claimed", work),
    counted(waiting, "waiting", work),
  ]);
  const known = backlog === 0 && places === ""
    ? ""
    : `${backlog ?? "an unreadable number"} unfinished`;
  const described = joined("; ", [
    joined(": ", [known, places]),
    counted(unacknowledged, "not acknowledged", work),
    counted(dead, "dead", work),
  ]);
  return described || "none";
}

/** @returns The items that were given up, for people; nothing when there are none. */
export function renderDeadLetters(work: WorkOverview): string {
  const { dead, deadLetters } = work;
  if (dead === 0) return "";
  const rows = deadLetters.map(({ id, attempt, assignee, error }) => [
    id,
    String(attempt),
    assignee,
    shorten(error ?? "-", ERROR_MAX_LENGTH),
  ]);
  const table = renderTable(["DEAD LETTER", "ATTEMPTS", "LAST MEMBER", "ERROR"], rows);
  const hidden = dead - deadLetters.length;
  return hidden > 0 ? `${table}and ${atBound(hidden, dead, work)} more\n` : table;
}

function describeReady(work: WorkOverview): string {
  const { ready, countMax } = work;
  if (ready.length === 0) return "";
  const busiest = ready.toSorted((a, b) => b.items - a.items);
  const shown = busiest.slice(0, MEMBERS_SHOWN).map(({ instanceId, items }) =>
    `${displayText(instanceId)} ${atBound(items, items, work)}`
  );
  if (ready.length > MEMBERS_SHOWN) shown.push(`${ready.length - MEMBERS_SHOWN} more members`);
  const sum = ready.reduce((total, { items }) => total + items, 0);
  const most = ready.some(({ items }) => items >= countMax) ? countMax : 0;
  return `${atBound(sum, most, work)} ready (${shown.join(", ")})`;
}

function joined(separator: string, parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(separator);
}

function counted(count: number, what: string, work: WorkOverview): string {
  return count === 0 ? "" : `${atBound(count, count, work)} ${what}`;
}

/** A plus says that there may be more, because what was counted is at its bound. */
function atBound(figure: number, count: number, { countMax }: WorkOverview): string {
  return count >= countMax ? `${figure}+` : String(figure);
}
