import type { Page } from "../api/client";
import { saveFile } from "../ui/save";

/** A row of a file: a value a column. */
export type Cells = Record<string, string | number | boolean | null>;

/** Most rows of one file, so that a browser can hold them. */
export const mostRows = 20_000;

/** Rows as CSV (RFC 4180); what a spreadsheet would take for a formula is led by an apostrophe (OWASP ASVS 1.2.10). */
export function csvOf(rows: readonly Cells[]): string {
  const heads = Object.keys(rows[0] ?? {});
  const lines = rows.map((row) => heads.map((head) => quoted(row[head] ?? "")));
  return [heads.map(quoted), ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
}

function quoted(value: string | number | boolean): string {
  const text = String(value);
  const lead = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? "'" : "";
  return `"${lead}${text.replaceAll('"', '""')}"`;
}

export type FileKind = "csv" | "json";

/** Saves rows as a file. */
export function saveRows(name: string, kind: FileKind, rows: readonly Cells[]): void {
  const [text, type] =
    kind === "csv"
      ? [csvOf(rows), "text/csv;charset=utf-8"]
      : [`${JSON.stringify(rows, null, 2)}\n`, "application/json"];
  saveFile(new Blob([text], { type }), `${name}.${kind}`);
}

/** All pages of a list one after the other, up to `mostRows` rows. */
export async function everyRow<T>(page: (cursor: string | null) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = [];
  let cursor: string | null = null;
  do {
    const { items, next }: Page<T> = await page(cursor);
    rows.push(...items);
    cursor = next;
  } while (cursor !== null && rows.length < mostRows);
  return rows.slice(0, mostRows);
}
