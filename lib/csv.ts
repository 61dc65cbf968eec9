import { stringify } from "csv-stringify/sync";

/** Rows as CSV (RFC 4180, UTF-8 with a byte order mark): a cell that a spreadsheet would take for a formula gets a ' in front. */
export function csvOf(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => row.map(inert)),
    { bom: true, record_delimiter: "windows" },
  );
}

/** CWE-1236: a formula may start a cell, also after white space or a quote. */
function inert(cell: string): string {
  return /^[\s"']*[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
