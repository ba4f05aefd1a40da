/** `languages/*.json`, packed by `build/catalogue.ts`. */
declare module "virtual:catalogue" {
  export type Key = keyof typeof import("../languages/en.json");
  export const keys: Key[];
  /** The texts in the order of `keys`, joined by "|". */
  export const english: string;
  /** By language code: how to get the same in that language. */
  export const others: Record<string, () => Promise<{ default: string }>>;
}
