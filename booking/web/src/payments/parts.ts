import type { PriceParts } from "../api/types";

/** The parts of a sum, whole; null where there is neither a fee nor a tax to tell of. */
export function partsOf(price: PriceParts): Required<Omit<PriceParts, "tax_minor">> | null {
  const { net_minor: net, fee_minor: fee = 0, taxes = [] } = price;
  if (net === undefined || (fee === 0 && taxes.length === 0)) return null;
  return { net_minor: net, fee_minor: fee, taxes };
}
