import { createElement, Fragment, type ReactNode } from "react";
import type { Catalogue } from "./catalogue";
import { locale, translation } from "./current";

/** One text for each of a language's plural forms (CLDR names them); the number stands in `{count}`. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** The texts of one part of the shop, by key. Values stand in braces: `Booking {reference}`. */
export type Words = Record<string, string | Plural>;

/** The same texts in another language: every key, plural where the English is. */
export type Translated<W extends Words> = { [K in keyof W]: W[K] extends string ? string : Plural };

type Holes<S> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type HolesOf<M> = M extends string ? Holes<M> : M extends { other: infer Other } ? "count" | Holes<Other> : never;
type Values<M, V> = [HolesOf<M>] extends [never] ? [] : [values: Record<HolesOf<M>, V>];

/** Says the texts of one part of the shop in the reader's language. */
export interface Say<W extends Words> {
  <K extends keyof W & string>(key: K, ...values: Values<W[K], string | number>): string;
  /** The same with elements in the place of values. */
  rich<K extends keyof W & string>(key: K, values: Record<HolesOf<W[K]>, ReactNode>): ReactNode;
  english: W;
}

/** The English texts of a part of the shop; `catalogue.ts` lists the parts, and each other language has them all. */
export function speak<const W extends Words>(part: keyof Catalogue, english: W): Say<W> {
  const find = (key: string, count: unknown): string => {
    const words = (translation()?.[part] as Words | undefined) ?? english;
    return formOf(words[key] ?? english[key]!, count);
  };
  const say = (key: string, values: Record<string, string | number> = {}) =>
    find(key, values["count"]).replace(everyHole, (_, name: string) => shown(values[name] ?? ""));
  const rich = (key: string, values: Record<string, ReactNode>) =>
    find(key, values["count"])
      .split(hole)
      .map((piece, at) => createElement(Fragment, { key: at }, at % 2 === 1 ? shownNode(values[piece]) : piece));
  return Object.assign(say, { rich, english }) as unknown as Say<W>;
}

const hole = /\{(\w+)\}/;
const everyHole = new RegExp(hole, "g");

const shown = (value: string | number): string => (typeof value === "number" ? numberText(value) : value);
const shownNode = (value: ReactNode): ReactNode => (typeof value === "number" ? numberText(value) : value);

const rules = new Map<string, Intl.PluralRules>();

function formOf(message: string | Plural, count: unknown): string {
  if (typeof message === "string") return message;
  let rule = rules.get(locale());
  if (rule === undefined) rules.set(locale(), (rule = new Intl.PluralRules(locale())));
  return message[rule.select(Number(count))] ?? message.other;
}

const numbers = new Map<string, Intl.NumberFormat>();

/** `1,250`, as the reader groups digits. */
export function numberText(value: number): string {
  let format = numbers.get(locale());
  if (format === undefined) numbers.set(locale(), (format = new Intl.NumberFormat(locale())));
  return format.format(value);
}
