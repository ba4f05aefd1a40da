import { english, type Key, keys, others } from "virtual:catalogue";

/** The codes of all languages, English first. */
export const codes = ["en", ...Object.keys(others)];

/** The texts at hand, by language code. */
const texts: Record<string, string[]> = { en: english.split("|") };

/** The first of the reader's languages that we speak, as the reader wrote it ("de-AT"), so that figures look right too. */
export const pick = (wanted: readonly string[]): string => wanted.find((tag) => codes.includes(baseOf(tag))) ?? "en";

/** "de" of "de-AT". */
export const baseOf = (tag: string): string => tag.split("-")[0]!.toLowerCase();

/** Is the language written from right to left? */
export const isRtl = (tag: string): boolean => baseOf(tag) === "ar";

/** Gets the texts of a language, if need be. The language that can be spoken now: the same, or English without a network. */
export async function learn(tag: string): Promise<string> {
  const code = baseOf(tag);
  try {
    texts[code] ??= (await others[code]!()).default.split("|");
    return tag;
  } catch {
    return "en";
  }
}

/** Speaks a language that was learnt, with `{0}` replaced by `value`. */
export function speaker(tag: string): (key: Key, value?: string) => string {
  const known = texts[baseOf(tag)]!;
  return (key, value = "") => known[keys.indexOf(key)]!.replace("{0}", value);
}

/** A language's name in itself. */
export function autonym(code: string): string {
  const name = new Intl.DisplayNames(code, { type: "language" }).of(code)!;
  return name[0]!.toLocaleUpperCase(code) + name.slice(1);
}
