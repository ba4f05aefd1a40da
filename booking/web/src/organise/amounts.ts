import { digitsOf, minorUnits } from "../ui/money";
import { minorOf } from "./numbers";

/** Minor units of an amount as typed; null when it is none, or has more decimals than the currency. */
export const amountOf = (text: string, currency: string): number | null => minorOf(text, minorUnits(currency));

/** What an amount of a currency looks like, for whoever typed something else. */
export function amountFault(currency: string): string {
  const digits = digitsOf(currency);
  return digits === 0 ? `Whole ${currency}, like 2500.` : `An amount like 25 or ${(12.5).toFixed(digits)}.`;
}

/** The same for a field that the browser checks. */
export function amountPattern(currency: string): string {
  const digits = digitsOf(currency);
  return digits === 0 ? "\\d{1,9}" : `\\d{1,9}([.,]\\d{1,${digits}})?`;
}

/** The money that people pay with today, by ISO 4217. */
export const currencies: readonly string[] = (
  "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP " +
  "CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR " +
  "IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU " +
  "MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG " +
  "SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST " +
  "XAF XCD XOF XPF YER ZAR ZMW"
).split(" ");
