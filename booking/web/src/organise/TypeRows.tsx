import { useQuery } from "@tanstack/react-query";
import type { LayoutPlan } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { layoutQuery } from "./api";
import type { DraftType } from "./draft";

interface Props {
  types: DraftType[];
  /** The seating plan whose sections are sold; null for standing room. */
  layoutId: number | null;
  faults: Record<string, string>;
  onChange: (types: DraftType[]) => void;
}

/** Ticket types of a new event: a price each, and how many there are, or which section they are for. */
export function TypeRows({ types, layoutId, faults, onChange }: Props) {
  const layout = useQuery({
    ...layoutQuery(layoutId ?? 0),
    enabled: layoutId !== null,
  });
  const sections = layout.data?.sections.filter((section) => !section.standing) ?? [];
  const set = (index: number, part: Partial<DraftType>) =>
    onChange(types.map((type, at) => (at === index ? { ...type, ...part } : type)));
  const add = () => {
    const key = Math.max(0, ...types.map((type) => type.key)) + 1;
    onChange([
      ...types,
      {
        key,
        name: "",
        price: "",
        quantity: "100",
        sections: [],
        premium: false,
      },
    ]);
  };
  return (
    <div className="grid gap-4">
      {types.map((type, index) => (
        <fieldset
          key={type.key}
          className="grid grid-cols-2 items-start gap-3 rounded-md bg-sunk p-4 sm:grid-cols-[1fr_7rem_8rem_auto]"
        >
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
          {layoutId === null ? (
            <Field
              label="How many"
              inputMode="numeric"
              value={type.quantity}
              error={faults[`types.${index}.quantity`]}
              onChange={(event) => set(index, { quantity: event.target.value })}
            />
          ) : (
            <p className="pt-7.5 text-sm text-soft">{seatsOf(sections, type).toLocaleString()} seats</p>
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
          {layoutId !== null && (
            <SectionChoice
              sections={sections.map((section) => section.name)}
              type={type}
              taken={new Set(types.filter((other) => other !== type).flatMap((other) => other.sections))}
              fault={faults[`types.${index}.sections`]}
              onChange={(chosen) => set(index, { sections: chosen })}
            />
          )}
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

const seatsOf = (sections: LayoutPlan["sections"], type: DraftType): number =>
  sections
    .filter((section) => type.sections.includes(section.name))
    .reduce((sum, section) => sum + section.rows.reduce((seats, row) => seats + row.seats.length, 0), 0);

interface SectionProps {
  sections: string[];
  type: DraftType;
  /** Sections another type sells already. */
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
