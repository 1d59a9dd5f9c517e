// Rows as comma-separated text, RFC 4180, safe to open in a spreadsheet: text that somebody wrote never becomes a formula. Knows
// nothing of what the rows say. Pure; called by `report-csv.ts` and by the API.

export type Cell = string | number | boolean | null;

/**
 * A header and one line for each row, CRLF after each; a cell that is null or missing is empty. It begins with a byte order mark,
 * without which spreadsheets take Chinese for something else.
 */
export function csvOf<K extends string>(
  columns: readonly K[],
  rows: readonly Readonly<Partial<Record<K, Cell>>>[],
): string {
  const lines = rows.map((row) => csvLine(columns.map((column) => row[column] ?? null)));
  return `\ufeff${csvLine(columns)}${lines.join("")}`;
}

/** One line with its CRLF: for whoever writes a file piece by piece. */
export function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(cellOf).join(",")}\r\n`;
}

/**
 * A number stands as it is, a minus included. Text that a spreadsheet would run gets an apostrophe in front (OWASP, CSV injection: =
 * + - @ tab CR; line feeds, blanks ahead and the full-width signs as well). Quotes stand around all that some reader could split:
 * where the comma is the decimal sign, spreadsheets split at semicolons.
 */
function cellOf(cell: Cell): string {
  if (typeof cell !== "string") return cell === null ? "" : String(cell);
  const harmless = /^[\t\r\n]|^\s*[=+\-@＝＋－＠]/.test(cell) ? `'${cell}` : cell;
  return /[",;\r\n\t]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
