import { currentLanguage, locale } from "../languages/current";
import { say } from "./words";

/**
 * Currencies whose minor unit is no hundredth, by ISO 4217 and so by the server. `Intl` goes by what people use in a shop,
 * which is another thing (no fillér in Hungary), and no two browsers agree on it.
 */
const otherDigits: readonly (readonly [digits: number, codes: string])[] = [
  [0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"],
  [3, "BHD IQD JOD KWD LYD OMR TND"],
  [4, "CLF UYW"],
];

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string, whole: boolean): Intl.NumberFormat {
  const key = `${locale()}|${currency}${whole ? "!" : ""}`;
  let format = formats.get(key);
  if (format === undefined) {
    const digits = whole ? 0 : digitsOf(currency);
    format = new Intl.NumberFormat(locale(), {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    });
    formats.set(key, format);
  }
  return format;
}

/** Digits behind the decimal point: 2 for USD, 0 for JPY, 3 for KWD. */
export const digitsOf = (currency: string): number =>
  otherDigits.find(([, codes]) => codes.includes(currency))?.[0] ?? 2;

/** How many minor units a currency's major unit has, e.g. 100 for USD, 1 for JPY. */
export const minorUnits = (currency: string): number => 10 ** digitsOf(currency);

/** `$75`, `$75.50`, `Free`: as posters print prices. */
export const priceText = (minor: number, currency: string): string =>
  minor === 0 ? say("free") : amountText(minor, currency);

/** `$75`, `$75.50`, `$0`: whole amounts without decimals, for figures. */
export function amountText(minor: number, currency: string): string {
  const units = minorUnits(currency);
  return upright(formatOf(currency, minor % units === 0).format(minor / units));
}

/** `$75.00`: always with decimals, for sums that are paid. */
export const sumText = (minor: number, currency: string): string =>
  upright(formatOf(currency, false).format(minor / minorUnits(currency)));

/** Between letters written from right to left, `45 US$` would come out as `$US 45`: there an amount is an island. */
const upright = (text: string): string =>
  currentLanguage() === "ar" ? `\u2066${text.replace(/[\u200e\u200f]/g, "")}\u2069` : text;

/** `75.00`: an amount as it is typed into a field. */
export const majorText = (minor: number, currency: string): string =>
  (minor / minorUnits(currency)).toFixed(digitsOf(currency));
