import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import type { DraftType } from "./draft";

interface Props {
  types: DraftType[];
  isSeated: boolean;
  faults: Record<string, string>;
  onChange: (types: DraftType[]) => void;
}

/** Ticket types of a new event: a price each, and how many there are, or which section they are for. */
export function TypeRows({ types, isSeated, faults, onChange }: Props) {
  const set = (index: number, part: Partial<DraftType>) =>
    onChange(types.map((type, at) => (at === index ? { ...type, ...part } : type)));
  const add = () => {
    const key = Math.max(0, ...types.map((type) => type.key)) + 1;
    onChange([...types, { key, name: "", price: "", quantity: "100", section: "", premium: false }]);
  };
  return (
    <div className="grid gap-4">
      {types.map((type, index) => (
        <fieldset key={type.key} className="grid grid-cols-2 items-start gap-3 rounded-md bg-sunk p-4 sm:grid-cols-[1fr_7rem_8rem_auto]">
          <legend className="sr-only">Ticket type {index + 1}</legend>
          <Field
            label="Name"
            className="max-sm:col-span-2"
            value={type.name}
            error={faults[`types.${index}.name`]}
            onChange={(event) => set(index, { name: event.target.value })}
          />
          <Field
            label="Price"
            inputMode="decimal"
            value={type.price}
            error={faults[`types.${index}.price`]}
            onChange={(event) => set(index, { price: event.target.value })}
          />
          {isSeated ? (
            <Field
              label="Section"
              placeholder="All"
              value={type.section}
              onChange={(event) => set(index, { section: event.target.value })}
            />
          ) : (
            <Field
              label="How many"
              inputMode="numeric"
              value={type.quantity}
              error={faults[`types.${index}.quantity`]}
              onChange={(event) => set(index, { quantity: event.target.value })}
            />
          )}
          <button
            type="button"
            aria-label={`Remove ticket type ${type.name || index + 1}`}
            disabled={types.length === 1}
            onClick={() => onChange(types.filter((_, at) => at !== index))}
            className="mt-6.5 grid size-11 place-items-center rounded-md hover:bg-card disabled:opacity-30"
          >
            <Icon name="cross" />
          </button>
          <label className="col-span-full flex min-h-8 items-center gap-2.5 text-sm">
            <input
              type="checkbox"
              className="size-5 accent-(--flare-ink)"
              checked={type.premium}
              onChange={(event) => set(index, { premium: event.target.checked })}
            />
            Premium: marked with a star
          </label>
        </fieldset>
      ))}
      <Button look="quiet" size="small" className="justify-self-start" onClick={add}>
        <Icon name="plus" /> Another ticket type
      </Button>
    </div>
  );
}
