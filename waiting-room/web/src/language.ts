import { catalogue, type Key, keys } from "virtual:catalogue";

/** The codes of all languages, English first. */
export const codes = Object.keys(catalogue);

/** The first of the reader's languages that we speak, as the reader wrote it ("de-AT"), so that figures look right too. */
export const pick = (wanted: readonly string[]): string => wanted.find((tag) => baseOf(tag) in catalogue) ?? "en";

/** "de" of "de-AT". */
export const baseOf = (tag: string): string => tag.split("-")[0]!.toLowerCase();

/** Is the language written from right to left? */
export const isRtl = (tag: string): boolean => baseOf(tag) === "ar";

/** The texts of a language, with `{0}` replaced by `value`. */
export function speaker(tag: string): (key: Key, value?: string) => string {
  const texts = catalogue[baseOf(tag)]!.split("|");
  return (key, value = "") => texts[keys.indexOf(key)]!.replace("{0}", value);
}

/** A language's name in itself. */
export function autonym(code: string): string {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code)!;
  return name[0]!.toLocaleUpperCase(code) + name.slice(1);
}
