import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { type ChargesDraft, type DraftTax, taxesMost } from "./charges";
import { Check } from "./rooms/Check";

interface Props {
  charges: ChargesDraft;
  currency: string;
  faults: Readonly<Record<string, string>>;
  onChange: (charges: ChargesDraft) => void;
}

/** A service fee and taxes; what fans see and pay is always the whole. */
export function ChargesFields({ charges, currency, faults, onChange }: Props) {
  const { taxes } = charges;
  const change = (part: Partial<ChargesDraft>) => onChange({ ...charges, ...part });
  const changeTax = (index: number, part: Partial<DraftTax>) =>
    change({ taxes: taxes.map((tax, at) => (at === index ? { ...tax, ...part } : tax)) });
  return (
    <>
      <p className="text-sm text-soft">
        Fans see one price with everything in it, and its parts at the checkout. What is sold or held keeps its price.
      </p>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field
          label={`Service fee a ticket, ${currency}`}
          inputMode="decimal"
          value={charges.feeFixed}
          hint="Empty: none."
          error={faults["charges.feeFixed"]}
          onChange={(event) => change({ feeFixed: event.target.value })}
        />
        <Field
          label="Service fee, percent of the price"
          inputMode="decimal"
          value={charges.feePercent}
          hint="Empty: none. Both add up."
          error={faults["charges.feePercent"]}
          onChange={(event) => change({ feePercent: event.target.value })}
        />
      </div>
      {taxes.map((tax, index) => (
        // Taxes have no other identity than their place.
        <div key={index} className="grid grid-cols-[minmax(0,1fr)_6rem_auto] items-start gap-3">
          <Field
            label="Tax"
            maxLength={40}
            placeholder="VAT 19 %"
            value={tax.name}
            error={faults[`charges.taxes.${index}.name`]}
            onChange={(event) => changeTax(index, { name: event.target.value })}
          />
          <Field
            label="Percent"
            inputMode="decimal"
            value={tax.percent}
            error={faults[`charges.taxes.${index}.percent`]}
            onChange={(event) => changeTax(index, { percent: event.target.value })}
          />
          <Button
            look="plain"
            className="mt-6.5"
            aria-label={`Remove ${tax.name || "the tax"}`}
            onClick={() => change({ taxes: taxes.filter((_, at) => at !== index) })}
          >
            <Icon name="bin" />
          </Button>
        </div>
      ))}
      {taxes.length > 0 && (
        <Check
          label="Prices and fee have the taxes in them"
          hint="Otherwise they are added on top."
          checked={charges.isIncluded}
          onChange={(event) => change({ isIncluded: event.target.checked })}
        />
      )}
      {taxes.length < taxesMost && (
        <Button
          look="quiet"
          size="small"
          className="justify-self-start"
          onClick={() => change({ taxes: [...taxes, { name: "", percent: "" }] })}
        >
          <Icon name="plus" /> {taxes.length === 0 ? "Tax" : "Another tax"}
        </Button>
      )}
    </>
  );
}
