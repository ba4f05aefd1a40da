import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem, useForm } from "../../users/form";
import { addTicketType } from "../api";
import { minorUnits } from "../../ui/money";
import type { EventDetail } from "../../api/types";
import { Check } from "../rooms/Check";
import { minorOf } from "../numbers";
import { useEventChanged } from "./EventActs";

interface Props {
  event: EventDetail;
  session: number;
  onDone: () => void;
}

/** A further ticket type of a date, for people who stand. */
export function NewTypeForm({ event, session, onDone }: Props) {
  const changed = useEventChanged(event.id);
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const made = await addTicketType(session, {
      name: value("name").trim(),
      price_minor: minorOf(value("price"), minorUnits(event.currency)),
      quantity: Number(value("quantity")),
      hidden: value("hidden") !== "",
    });
    toast("good", made.hidden ? `${made.name} waits for its code.` : `${made.name} is on sale with the others.`);
    changed();
    onDone();
  });
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <Field label="Name" name="name" required maxLength={80} error={errorOf("name")} />
      <div className="grid grid-cols-2 gap-5">
        <Field
          label={`Price, ${event.currency}`}
          name="price"
          required
          inputMode="decimal"
          pattern="\d{1,9}([.,]\d{1,2})?"
          title="An amount like 25 or 12.50"
          error={errorOf("price_minor")}
        />
        <Field label="Places" name="quantity" type="number" min={1} required error={errorOf("quantity")} />
      </div>
      <Check
        name="hidden"
        label="Hidden: only for those with a code"
        hint="A promo code opens it. Nobody else sees it."
      />
      <Button type="submit" busy={isBusy}>
        Add it
      </Button>
    </form>
  );
}
