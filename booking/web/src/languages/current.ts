import { useSyncExternalStore } from "react";
import type { Catalogue } from "./catalogue";

/** The languages fans can read the shop in, by the names they give themselves. */
export const languages = { en: "English", de: "Deutsch", es: "Español", ar: "العربية" } as const;
export type Language = keyof typeof languages;

/** English is in the pages; the others are fetched when they are spoken. */
const fetched: Record<Exclude<Language, "en">, () => Promise<{ default: Catalogue }>> = {
  de: () => import("./de"),
  es: () => import("./es"),
  ar: () => import("./ar"),
};

/** The same drawer as the waiting room's page, so that a choice made there holds here. */
const key = "rushline.language";
const listeners = new Set<() => void>();
let language: Language = "en";
let tag = "en";
let catalogue: Catalogue | null = null;

/** The texts in place of the English ones, or null. */
export const translation = (): Catalogue | null => catalogue;

/** What `Intl` is asked for: the language as the reader writes it ("de-AT"), with the digits that seats and codes have. */
export const locale = (): string => tag;

export const currentLanguage = (): Language => language;

/** The language in use now. */
export const useLanguage = (): Language =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentLanguage);

const baseOf = (wanted: string): string => wanted.split("-")[0]!.toLowerCase();

/** The first wanted language that we speak, otherwise English. */
export const pick = (wanted: readonly string[]): Language =>
  wanted.map(baseOf).find((base): base is Language => Object.hasOwn(languages, base)) ?? "en";

/** A language as `Intl` needs it: with the reader's country, and with Latin digits, which tickets and seats are printed in. */
export function localeOf(spoken: Language, wanted: readonly string[]): string {
  const own = wanted.find((each) => baseOf(each) === spoken) ?? spoken;
  return spoken === "ar" ? `${own}-u-nu-latn` : own;
}

/** Speaks the language that was chosen, or the browser's; call once before the first paint. */
export const begin = (): Promise<void> => speakIn(pick([chosen() ?? "", ...navigator.languages]));

/** Speaks a language from now on, here and on the next visit. */
export async function choose(next: Language): Promise<void> {
  localStorage.setItem(key, JSON.stringify(next));
  await speakIn(next);
}

async function speakIn(next: Language): Promise<void> {
  try {
    catalogue = next === "en" ? null : (await fetched[next]()).default;
    language = next;
  } catch {
    // Without a network the pages stay in the language they have.
    return;
  }
  tag = localeOf(language, navigator.languages);
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const listener of listeners) listener();
}

function chosen(): string | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof value === "string" ? value : null;
  } catch {
    return null;
  }
}
