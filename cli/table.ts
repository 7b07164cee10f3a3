import { displayText } from "../config/display_text.ts";
import { displayWidth } from "./display_width.ts";

const GAP = "  ";

/**
 * Lays out rows in columns as wide as their longest cell.
 *
 * @param header Names of the columns.
 * @param rows Cells; texts are made fit for a terminal.
 * @returns Lines, each with its line break; no spaces at their ends.
 */
export function renderTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [header, ...rows].map((cells) => cells.map(displayText));
  const widths = header.map((_, column) =>
    Math.max(...lines.map((cells) => displayWidth(cells[column] ?? "")))
  );
  return lines.map((cells) => `${renderLine(cells, widths)}\n`).join("");
}

function renderLine(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, column) =>
      cell + " ".repeat(Math.max(0, (widths[column] ?? 0) - displayWidth(cell)))
    )
    .join(GAP)
    .trimEnd();
}
