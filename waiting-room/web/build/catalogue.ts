import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";

const id = "virtual:catalogue";
const folder = new URL("../languages/", import.meta.url);

type Texts = Record<string, string>;

/** Every language's texts by its code, English first. Throws if one lacks a key or has one too many. */
export function readLanguages(): Map<string, Texts> {
  const codes = readdirSync(folder).map((file) => file.replace(".json", ""));
  codes.sort((a, b) => Number(b === "en") - Number(a === "en") || a.localeCompare(b));
  const all = new Map(
    codes.map((code) => [code, JSON.parse(readFileSync(new URL(`${code}.json`, folder), "utf8")) as Texts]),
  );
  const keys = Object.keys(all.get("en") ?? {});
  for (const [code, texts] of all) {
    const wrong = [
      ...keys.filter((key) => !texts[key]?.trim() || texts[key].includes("|")),
      ...Object.keys(texts).filter((key) => !keys.includes(key)),
    ];
    if (wrong.length) throw new Error(`languages/${code}.json: missing, unknown or containing "|": ${wrong.join(", ")}`);
  }
  return all;
}

/** Packs `languages/*.json` for the page: the keys once, then one string a language, because every byte travels. */
export function catalogue(): Plugin {
  return {
    name: "catalogue",
    resolveId: (source) => (source === id ? `\0${id}` : null),
    load(source) {
      if (source !== `\0${id}`) return null;
      const all = readLanguages();
      const keys = Object.keys(all.get("en") ?? {});
      const packed = [...all].map(([code, texts]) => [code, keys.map((key) => texts[key]).join("|")]);
      return [
        `export const keys = ${JSON.stringify(keys.join("|"))}.split("|");`,
        `export const catalogue = ${JSON.stringify(Object.fromEntries(packed))};`,
      ].join("\n");
    },
  };
}
