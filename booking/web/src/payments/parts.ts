import type { PriceParts } from "../api/types";

/** The parts of a sum; null where there is neither a fee nor a tax to tell of. */
export const partsOf = (price: PriceParts): PriceParts | null =>
  price.fee_minor === 0 && price.taxes.length === 0 ? null : price;
