import { request, requestAs } from "../../api/client";
import type { ImportReport, Layout, Mapping, PretixPlan } from "../../api/types";

/** How the file says where the seats are. */
export type PlanFormat = "svg" | "pretix" | "csv";

export type FoundKind = keyof ImportReport["found"];
type Names = Partial<Record<FoundKind, string[]>>;

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

/** Why a file can't be sent at all, or null: what is in it the server judges. */
export function unreadable(format: PlanFormat | null, text: string): string | null {
  if (format === null) return "Choose a file that ends in .svg, .json or .csv.";
  if (format !== "pretix") return null;
  try {
    JSON.parse(text);
    return null;
  } catch {
    return "This file is not JSON: save the seating plan from pretix’s editor once more.";
  }
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

/** Looks (the answer is a report) or saves (it is the plan). */
const send = ({ venue, format, name, text, mapping }: Wanted, isDry: boolean): Promise<ImportReport | Layout> => {
  const path = { id: venue };
  if (format === "csv") {
    const query = { name, dry_run: isDry };
    return requestAs("POST", "/api/v1/venues/{id}/layouts/csv", { path, query, body: text, mediaType: "text/csv" });
  }
  if (format === "pretix") {
    const plan = JSON.parse(text) as PretixPlan;
    return request("POST", "/api/v1/venues/{id}/layouts/pretix", { path, body: { name, plan, dry_run: isDry } });
  }
  return request("POST", "/api/v1/venues/{id}/layouts/svg", {
    path,
    body: { name, svg: text, ...(mapping ? { mapping } : {}), dry_run: isDry },
  });
};

/** What the file would become; nothing is written. */
export const tryImport = (wanted: Wanted) => send(wanted, true) as Promise<ImportReport>;

/** Makes the plan; one of the same name becomes its next version. */
export const importPlan = (wanted: Wanted) => send(wanted, false) as Promise<Layout>;
