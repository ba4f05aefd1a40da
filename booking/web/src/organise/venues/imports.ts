import { requestAs } from "../../api/client";
import type { Layout } from "../../api/types";

/** How the file says where the seats are. */
export type PlanFormat = "svg" | "pretix" | "csv";

/** A value that shapes of the drawing carry, and how much it stands for. */
export interface Found {
  value: string;
  elements: number;
  seats: number;
}

export type FoundKind = "ids" | "classes" | "colours";

/** What an import would make. */
export interface ImportReport {
  seats: number;
  width: number;
  height: number;
  sections: { name: string; rows: number; seats: number }[];
  categories: { name: string; colour: string | null; seats: number }[];
  has_background: boolean;
  found: Record<FoundKind, Found[]>;
  unmatched: { key: string; section: string; row: string; label: string; line: number | null }[];
  unmatched_total: number;
  duplicates: { key: string; lines: number[] }[];
  left_out: { element: string; count: number }[];
  warnings: string[];
}

type Names = Partial<Record<FoundKind, string[]>>;

/** Which shapes are seats, and which category each is in, by what the drawing calls them. */
export interface Mapping {
  seats?: Names;
  categories?: (Names & { name: string; colour?: string })[];
}

/** What the operator makes of a value of the drawing: nothing, a seat, or a seat of a category. */
export interface Choice {
  kind: FoundKind;
  value: string;
  isSeat: boolean;
  category: string;
}

const gathered = (choices: readonly Choice[]): Names => {
  const names: Names = {};
  for (const { kind, value } of choices) names[kind] = [...(names[kind] ?? []), value];
  return names;
};

/** The choices as the server takes them; undefined when nothing was chosen, so that its own reading of the drawing holds. */
export function mappingOf(choices: readonly Choice[]): Mapping | undefined {
  const seats = choices.filter(({ isSeat }) => isSeat);
  const named = choices.filter(({ category }) => category.trim() !== "");
  if (seats.length === 0 && named.length === 0) return undefined;
  const names = [...new Set(named.map(({ category }) => category.trim()))];
  const categories = names.map((name) => {
    const own = named.filter(({ category }) => category.trim() === name);
    const colour = own.find(({ kind, value }) => kind === "colours" && /^#[0-9a-f]{6}$/i.test(value))?.value;
    return { name, ...(colour ? { colour } : {}), ...gathered(own) };
  });
  return {
    ...(seats.length > 0 ? { seats: gathered(seats) } : {}),
    ...(categories.length > 0 ? { categories } : {}),
  };
}

/** The format of a file, by its name; null for one we can't read. */
export function formatOf(fileName: string): PlanFormat | null {
  const end = fileName.toLowerCase().split(".").pop() ?? "";
  if (end === "svg" || end === "csv") return end;
  return end === "json" ? "pretix" : null;
}

/** A name for the plan made of the file's: `Main_Hall-2.svg` → `Main Hall 2`. */
export const nameOf = (fileName: string): string =>
  fileName
    .replace(/\.[^.]*$/, "")
    .replace(/[_-]+/g, " ")
    .trim()
    .slice(0, 100);

interface Wanted {
  venue: number;
  format: PlanFormat;
  name: string;
  text: string;
  mapping: Mapping | undefined;
}

const send = <Answer>({ venue, format, name, text, mapping }: Wanted, isDry: boolean): Promise<Answer> => {
  const path = { id: venue };
  if (format === "csv") {
    return requestAs("POST", "/api/v1/venues/{id}/layouts/csv", {
      path,
      query: { name, dry_run: isDry },
      body: text,
      mediaType: "text/csv",
    });
  }
  if (format === "pretix") {
    const plan: unknown = JSON.parse(text);
    return requestAs("POST", "/api/v1/venues/{id}/layouts/pretix", { path, body: { name, plan, dry_run: isDry } });
  }
  return requestAs("POST", "/api/v1/venues/{id}/layouts/svg", {
    path,
    body: { name, svg: text, ...(mapping ? { mapping } : {}), dry_run: isDry },
  });
};

/** What the file would become; nothing is written. */
export const tryImport = (wanted: Wanted): Promise<ImportReport> => send(wanted, true);

/** Makes the plan; one of the same name becomes its next version. */
export const importPlan = (wanted: Wanted): Promise<Layout> => send(wanted, false);
