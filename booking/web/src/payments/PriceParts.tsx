import type { PriceParts as Parts } from "../api/types";
import { sumText } from "../ui/money";
import { partsOf } from "./parts";
import { say } from "./words";

/** What an all-in price is made of; nothing where it is the bare ticket price. */
export function PriceParts({ price, currency }: { price: Parts; currency: string }) {
  const parts = partsOf(price);
  if (parts === null) return null;
  return (
    <dl aria-label={say("partsOfPrice")} className="grid gap-1 text-sm text-soft">
      <Part name={say("netPrice")} sum={sumText(parts.net_minor, currency)} />
      {parts.fee_minor > 0 && <Part name={say("serviceFee")} sum={sumText(parts.fee_minor, currency)} />}
      {parts.taxes.map(({ name, tax_minor }) => (
        <Part key={name} name={name} sum={sumText(tax_minor, currency)} />
      ))}
    </dl>
  );
}

function Part({ name, sum }: { name: string; sum: string }) {
  return (
    <div className="flex items-baseline justify-between gap-4">
      <dt className="wrap-anywhere">{name}</dt>
      <dd className="figures">{sum}</dd>
    </div>
  );
}
