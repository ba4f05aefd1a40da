import type { LayoutPlan } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Check } from "../rooms/Check";
import { type DraftType, typeColours } from "./draft";

interface Props {
  type: DraftType;
  number: number;
  /** The plan's sections with seats; null for standing room. */
  sections: LayoutPlan["sections"] | null;
  /** Sections another type sells already. */
  taken: ReadonlySet<string>;
  faultOf: (field: keyof DraftType) => string | undefined;
  onChange: (part: Partial<DraftType>) => void;
  onRemove: (() => void) | null;
}

/** A ticket type: its name and price, and how many there are, or which sections it is for. */
export function TypeRow({ type, number, sections, taken, faultOf, onChange, onRemove }: Props) {
  return (
    <fieldset className="grid grid-cols-2 items-start gap-3 rounded-md bg-sunk p-4 sm:grid-cols-[minmax(0,1fr)_7rem_8rem_auto]">
      <legend className="sr-only">Ticket type {number}</legend>
      <Field
        label="Name"
        className="max-sm:col-span-2"
        value={type.name}
        error={faultOf("name")}
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Field
        label="Price"
        inputMode="decimal"
        value={type.price}
        error={faultOf("price")}
        onChange={(event) => onChange({ price: event.target.value })}
      />
      {sections === null ? (
        <Field
          label="How many"
          inputMode="numeric"
          value={type.quantity}
          error={faultOf("quantity")}
          onChange={(event) => onChange({ quantity: event.target.value })}
        />
      ) : (
        <p className="figures pt-8.5 text-sm text-soft">{seatsOf(sections, type).toLocaleString()} seats</p>
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
      {sections && (
        <SectionChoice
          sections={sections.map((section) => section.name)}
          type={type}
          taken={taken}
          fault={faultOf("sections")}
          onChange={(chosen) => onChange({ sections: chosen })}
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
    <div role="radiogroup" aria-label={`Colour of ${type.name || "this type"}`} className="flex gap-1">
      {typeColours.map((colour, index) => (
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

const seatsOf = (sections: LayoutPlan["sections"], type: DraftType): number =>
  sections
    .filter((section) => type.sections.includes(section.name))
    .reduce((sum, section) => sum + section.rows.reduce((seats, row) => seats + row.seats.length, 0), 0);

interface SectionProps {
  sections: string[];
  type: DraftType;
  taken: ReadonlySet<string>;
  fault: string | undefined;
  onChange: (sections: string[]) => void;
}

/** Which sections of the plan a ticket type sells; each belongs to one type. */
function SectionChoice({ sections, type, taken, fault, onChange }: SectionProps) {
  const left = sections.filter((name) => !taken.has(name) && !type.sections.includes(name));
  const toggle = (name: string) =>
    onChange(type.sections.includes(name) ? type.sections.filter((each) => each !== name) : [...type.sections, name]);
  return (
    <div role="group" aria-label={`Sections of ${type.name || "this type"}`} className="col-span-full">
      <div className="flex flex-wrap gap-1.5">
        {sections.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={type.sections.includes(name)}
            disabled={taken.has(name)}
            onClick={() => toggle(name)}
            className="min-h-9 rounded-md border border-control bg-card px-3 text-sm hover:border-ink disabled:opacity-40 aria-pressed:border-ink aria-pressed:bg-ink aria-pressed:text-paper"
          >
            {name}
          </button>
        ))}
      </div>
      {left.length > 1 && (
        <Button look="plain" size="small" className="mt-1" onClick={() => onChange([...type.sections, ...left])}>
          All {left.length} others
        </Button>
      )}
      {fault && <p className="mt-1.5 text-sm font-medium text-bad">{fault}</p>}
    </div>
  );
}
