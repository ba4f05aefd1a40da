/** `languages/*.json`, packed by `build/catalogue.ts`. */
declare module "virtual:catalogue" {
  export type Key = keyof typeof import("../languages/en.json");
  export const keys: Key[];
  /** By language code: the texts in the order of `keys`, joined by "|". */
  export const catalogue: Record<string, string>;
}
