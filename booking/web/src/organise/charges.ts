import type { Charges, NewCharges } from "../api/types";
import { majorText } from "../ui/money";
import { amountFault, amountOf } from "./amounts";
import { minorOf } from "./numbers";

/** What comes onto face prices, as typed; empty texts are nothing. */
export interface ChargesDraft {
  feeFixed: string;
  feePercent: string;
  taxes: readonly DraftTax[];
  /** Fee and face price have the taxes in them; else they are added on top. */
  isIncluded: boolean;
}

export interface DraftTax {
  name: string;
  percent: string;
}

/** Taxes of one event at most. */
export const taxesMost = 4;

export const noCharges: ChargesDraft = { feeFixed: "", feePercent: "", taxes: [], isIncluded: true };

/** `"7.5"` → 75,000: the API counts rates in millionths. */
const ppmOf = (percent: string): number | null => minorOf(percent, 10_000);

/** What is wrong, by field. */
export function chargesFaults(draft: ChargesDraft, currency: string): Record<string, string> {
  const faults: Record<string, string> = {};
  const isRate = (text: string) => (ppmOf(text) ?? Number.POSITIVE_INFINITY) <= 1_000_000;
  if (draft.feeFixed !== "" && amountOf(draft.feeFixed, currency) === null)
    faults["charges.feeFixed"] = amountFault(currency);
  if (draft.feePercent !== "" && !isRate(draft.feePercent)) faults["charges.feePercent"] = "From 0 to 100, like 7.5.";
  draft.taxes.forEach(({ name, percent }, index) => {
    const isTaken = draft.taxes.slice(0, index).some((before) => before.name.trim() === name.trim());
    if (name.trim() === "") faults[`charges.taxes.${index}.name`] = "Name it.";
    else if (isTaken) faults[`charges.taxes.${index}.name`] = "Another has this name.";
    if (!isRate(percent) || ppmOf(percent) === 0)
      faults[`charges.taxes.${index}.percent`] = "Above 0, to 100, like 19.";
  });
  return faults;
}

/** The charges as the API takes them; null where nothing comes onto the price. */
export function chargesOf(draft: ChargesDraft, currency: string): NewCharges | null {
  const fixed = amountOf(draft.feeFixed, currency) ?? 0;
  const rate = ppmOf(draft.feePercent) ?? 0;
  if (fixed === 0 && rate === 0 && draft.taxes.length === 0) return null;
  return {
    service_fee: { fixed_minor: fixed, rate_ppm: rate },
    taxes: draft.taxes.map(({ name, percent }) => ({ name: name.trim(), rate_ppm: ppmOf(percent) ?? 0 })),
    taxes_included: draft.isIncluded,
  };
}

/** What an event has, to be changed. */
export function chargesDraft(charges: Charges | null | undefined, currency: string): ChargesDraft {
  if (charges == null) return noCharges;
  const { fixed_minor: fixed = 0, rate_ppm: rate = 0 } = charges.service_fee;
  return {
    feeFixed: fixed === 0 ? "" : majorText(fixed, currency),
    feePercent: rate === 0 ? "" : percentOf(rate),
    taxes: charges.taxes.map(({ name, rate_ppm }) => ({ name, percent: percentOf(rate_ppm) })),
    isIncluded: charges.taxes_included,
  };
}

const percentOf = (ppm: number): string => String(ppm / 10_000);
