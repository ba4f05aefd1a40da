import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { PartChoice } from "../PartChoice";
import type { Part, PartKind } from "../parts";
import { Check } from "../rooms/Check";
import { type DraftType, typeColours } from "./draft";

interface Props {
  type: DraftType;
  number: number;
  /** ISO 4217; empty until it is chosen. */
  currency: string;
  /** What of the plan is sold, and in what parts; null for standing room. */
  parts: readonly Part[] | null;
  kind: PartKind;
  /** Parts another type sells already. */
  taken: ReadonlySet<string>;
  faultOf: (field: keyof DraftType) => string | undefined;
  onChange: (part: Partial<DraftType>) => void;
  onRemove: (() => void) | null;
}

/** A ticket type: its name and price, and how many there are, or what of the plan it is for. */
export function TypeRow({ type, number, currency, parts, kind, taken, faultOf, onChange, onRemove }: Props) {
  const seats = (parts ?? []).reduce((sum, part) => sum + (type[kind].includes(part.name) ? part.seats : 0), 0);
  return (
    <fieldset className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)_auto] items-start gap-3 rounded-md bg-sunk p-4 sm:grid-cols-[minmax(0,1fr)_7rem_8rem_auto]">
      <legend className="sr-only">Ticket type {number}</legend>
      <Field
        label="Name"
        className="max-sm:col-span-full"
        value={type.name}
        error={faultOf("name")}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Field
        label={currency === "" ? "Price" : `Price, ${currency}`}
        inputMode="decimal"
        value={type.price}
        error={faultOf("price")}
        onChange={(event) => onChange({ price: event.target.value })}
      />
      {parts === null ? (
        <Field
          label="How many"
          inputMode="numeric"
          value={type.quantity}
          error={faultOf("quantity")}
          onChange={(event) => onChange({ quantity: event.target.value })}
        />
      ) : (
        <p className="figures pt-8.5 text-sm text-soft">{seats.toLocaleString()} seats</p>
      )}
      <button
        type="button"
        aria-label={`Remove ticket type ${type.name || number}`}
        disabled={onRemove === null}
        onClick={() => onRemove?.()}
        className="mt-6.5 grid size-11 place-items-center rounded-md hover:bg-card disabled:opacity-30"
      >
        <Icon name="bin" />
      </button>
      {parts && (
        <PartChoice
          label={`${kind === "sections" ? "Sections" : "Categories"} of ${type.name || "this type"}`}
          parts={parts}
          chosen={type[kind]}
          taken={taken}
          fault={faultOf("sections")}
          onChange={(chosen) => onChange({ [kind]: chosen })}
        />
      )}
      <div className="col-span-full flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Check
          label="Premium: marked with a star"
          checked={type.premium}
          onChange={(event) => onChange({ premium: event.target.checked })}
        />
        <Colours type={type} onChange={(colour) => onChange({ colour })} />
      </div>
    </fieldset>
  );
}

/** The colour of a type on the map and on tickets. */
function Colours({ type, onChange }: { type: DraftType; onChange: (colour: string) => void }) {
  return (
    <div role="radiogroup" aria-label={`Colour of ${type.name || "this type"}`} className="flex flex-wrap gap-1">
      {[...new Set([...typeColours, type.colour])].map((colour, index) => (
        <button
          key={colour}
          type="button"
          role="radio"
          aria-checked={type.colour === colour}
          aria-label={`Colour ${index + 1}`}
          onClick={() => onChange(colour)}
          className="grid size-9 place-items-center rounded-md aria-checked:bg-card"
        >
          <span
            className={`size-5 rounded-full ${type.colour === colour ? "ring-2 ring-ink ring-offset-2 ring-offset-card" : ""}`}
            style={{ background: colour }}
          />
        </button>
      ))}
    </div>
  );
}
