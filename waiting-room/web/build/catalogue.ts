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

const packed = (texts: Texts, keys: string[]) => JSON.stringify(keys.map((key) => texts[key]).join("|"));

/**
 * Packs `languages/*.json` for the page: the keys once and English travel in the page itself, every other language is
 * a file of its own that is asked for when it is spoken, because every byte travels.
 */
export function catalogue(): Plugin {
  return {
    name: "catalogue",
    resolveId: (source) => (source === id || source.startsWith(`${id}/`) ? `\0${source}` : null),
    load(source) {
      if (!source.startsWith(`\0${id}`)) return null;
      const all = readLanguages();
      const keys = Object.keys(all.get("en") ?? {});
      const code = source.slice(id.length + 2);
      if (code) return `export default ${packed(all.get(code) ?? {}, keys)};`;
      const others = [...all.keys()].filter((other) => other !== "en");
      return [
        `export const keys = ${JSON.stringify(keys.join("|"))}.split("|");`,
        `export const english = ${packed(all.get("en") ?? {}, keys)};`,
        `export const others = {${others.map((other) => `${other}: () => import("${id}/${other}")`).join()}};`,
      ].join("\n");
    },
  };
}
