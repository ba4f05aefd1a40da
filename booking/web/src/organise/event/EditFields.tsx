import type { EventDetail } from "../../api/types";
import { Notice } from "../../ui/Card";
import { Field, TextArea } from "../../ui/Field";
import { CategoryField, RoomField } from "../EventFields";
import { Section } from "../wizard/Section";
import { ChargesFields } from "../ChargesFields";
import { type Edited, type EditedTexts, isSimple, promised } from "./change";

interface Props {
  event: EventDetail;
  edited: Edited;
  /** Places sold or held: with any, what was promised stands. */
  taken: number;
  faults: Readonly<Record<string, string>>;
  onChange: (part: Partial<Edited>) => void;
}

/** Everything about an event that can be changed, in the wizard's order. */
export function EditFields({ event, edited, taken, faults, onChange }: Props) {
  const bind = (name: keyof EditedTexts) => ({
    value: edited[name],
    error: faults[name],
    disabled: taken > 0 && promised.includes(name),
    onChange: (change: { target: { value: string } }) => onChange({ [name]: change.target.value }),
  });
  const zone = event.venue_details.time_zone.replaceAll("_", " ");
  return (
    <>
      {taken > 0 && (
        <Notice tone="info" title="Name, date, price, places and refunds stand">
          {taken.toLocaleString()} places are sold or held, and their buyers were promised them. To move the date,
          postpone the event.
        </Notice>
      )}
      <Section title="What is it?">
        <Field label="Name" maxLength={200} {...bind("name")} />
        <TextArea label="Description" maxLength={5000} rows={6} {...bind("description")} />
        <CategoryField value={edited.category} onChange={(category) => onChange({ category })} />
      </Section>
      <Section title="When?">
        <p className="text-sm text-soft">
          By the venue’s clock ({zone}).{" "}
          {event.sessions.length > 1 && "The other dates keep their distance from the first."}
        </p>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Starts" type="datetime-local" {...bind("startsAt")} />
        </div>
      </Section>
      {isSimple(event) && (
        <Section title="Tickets">
          <div className="grid gap-5 sm:grid-cols-2">
            <Field label={`Price, ${event.currency}`} inputMode="decimal" {...bind("price")} />
            <Field label="Places" inputMode="numeric" {...bind("total")} />
          </div>
        </Section>
      )}
      <Section title="Fees and taxes">
        <ChargesFields
          charges={edited.charges}
          currency={event.currency}
          faults={faults}
          onChange={(charges) => onChange({ charges })}
        />
      </Section>
      <Section title="Sale">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field label="Sale opens" type="datetime-local" hint="Empty: once published." {...bind("salesOpenAt")} />
          <Field label="Sale ends" type="datetime-local" hint="Empty: when it starts." {...bind("salesCloseAt")} />
          <Field label="Most tickets a person" type="number" min={1} {...bind("perPersonLimit")} />
          <RoomField value={edited.room} onChange={(room) => onChange({ room })} />
          <Field label="Full refund until, hours before" type="number" min={0} {...bind("fullUntilH")} />
          <Field label="Half refund until, hours before" type="number" min={0} {...bind("halfUntilH")} />
        </div>
      </Section>
    </>
  );
}
