import type { NewCodes } from "../../api/rooms";
import { instantOf } from "./rules";

/** The codes that a form asks for: so many made up, or the ones typed in. */
export function wishOf(form: FormData): NewCodes {
  const text = (name: string) => String(form.get(name) ?? "").trim();
  const about = {
    lane: text("lane"),
    uses_max: Number(text("uses_max")),
    expires_at: instantOf(text("expires_at")),
    label: text("label"),
  };
  const own = text("codes");
  if (own === "") return { count: Number(text("count")), ...about };
  const codes = own.split(/[\n,;]+/).map((code) => code.trim());
  return { codes: codes.filter((code) => code !== ""), ...about };
}
