import { Field } from "../../ui/Field";
import { ChargesFields } from "../ChargesFields";
import { RoomField } from "../EventFields";
import type { StepProps } from "./NewEventPage";
import { Section } from "./Section";

export function StepSale({ draft, change, faults, timeZone }: StepProps) {
  return (
    <>
      <Section title="When is it sold?">
        <p className="text-sm text-soft">By the venue’s clock ({timeZone.replaceAll("_", " ")}).</p>
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Sale opens"
            type="datetime-local"
            value={draft.salesOpenAt}
            hint="Empty: from the moment you publish."
            onChange={(event) => change({ salesOpenAt: event.target.value })}
          />
          <Field
            label="Sale ends"
            type="datetime-local"
            value={draft.salesCloseAt}
            error={faults["salesCloseAt"]}
            hint="Empty: when it starts."
            onChange={(event) => change({ salesCloseAt: event.target.value })}
          />
        </div>
      </Section>
      <Section title="What comes onto the price?">
        <ChargesFields
          charges={draft.charges}
          currency={draft.currency}
          faults={faults}
          onChange={(charges) => change({ charges })}
        />
      </Section>
      <Section title="To whom, and what if they can’t come?">
        <div className="grid gap-5 sm:grid-cols-2">
          <Field
            label="Most tickets a person"
            type="number"
            min={1}
            value={draft.perPersonLimit}
            error={faults["perPersonLimit"]}
            onChange={(event) => change({ perPersonLimit: event.target.value })}
          />
          <RoomField value={draft.room} onChange={(room) => change({ room })} />
          <Field
            label="Full refund until, hours before"
            type="number"
            min={0}
            value={draft.fullUntilH}
            error={faults["fullUntilH"]}
            onChange={(event) => change({ fullUntilH: event.target.value })}
          />
          <Field
            label="Half refund until, hours before"
            type="number"
            min={0}
            value={draft.halfUntilH}
            error={faults["halfUntilH"]}
            onChange={(event) => change({ halfUntilH: event.target.value })}
          />
        </div>
      </Section>
    </>
  );
}
