import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { EventDetail, Session } from "../../api/types";
import { seatsQuery } from "../../seats/api";
import { Button } from "../../ui/Button";
import { Field, Select } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem, useForm } from "../../users/form";
import { addTicketType, layoutQuery } from "../api";
import { amountFault, amountOf, amountPattern } from "../amounts";
import { PartChoice } from "../PartChoice";
import { type Part, type PartKind, partsOf, partsSold } from "../parts";
import { Check } from "../rooms/Check";
import { useEventChanged } from "./EventActs";

interface Props {
  event: EventDetail;
  session: Session;
  onDone: () => void;
}

/** A further ticket type of a date: places without numbers, or seats of the plan that nobody sells yet. */
export function NewTypeForm({ event, session, onDone }: Props) {
  const changed = useEventChanged(event.id);
  const { kinds, isPending } = useUnsold(session);
  const [kind, setKind] = useState<PartKind | "places">("places");
  const [chosen, setChosen] = useState<string[]>([]);
  const unsold = kinds.find((each) => each.kind === kind);
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const made = await addTicketType(session.id, {
      name: value("name").trim(),
      price_minor: amountOf(value("price"), event.currency),
      ...(kind === "places" ? { quantity: Number(value("quantity")) } : { [kind]: chosen }),
      hidden: value("hidden") !== "",
    });
    toast("good", made.hidden ? `${made.name} waits for its code.` : `${made.name} is on sale with the others.`);
    changed();
    onDone();
  });
  return (
    <form onSubmit={submit} className="grid gap-5" aria-busy={isPending}>
      <FormProblem problem={problem} />
      <Field label="Name" name="name" required maxLength={80} error={errorOf("name")} />
      {kinds.length > 0 && (
        <Select
          label="What it is for"
          value={kind}
          onChange={(change) => {
            setKind(change.target.value as PartKind | "places");
            setChosen([]);
          }}
        >
          <option value="places">Places without numbers</option>
          {kinds.map((each) => (
            <option key={each.kind} value={each.kind}>
              {each.kind === "sections" ? "Sections of the plan" : "Price categories of the plan"}
            </option>
          ))}
        </Select>
      )}
      <div className="grid grid-cols-2 gap-5">
        <Field
          label={`Price, ${event.currency}`}
          name="price"
          required
          inputMode="decimal"
          pattern={amountPattern(event.currency)}
          title={amountFault(event.currency)}
          error={errorOf("price_minor")}
        />
        {kind === "places" && (
          <Field label="Places" name="quantity" type="number" min={1} required error={errorOf("quantity")} />
        )}
      </div>
      {unsold && (
        <PartChoice
          label="Which seats"
          parts={unsold.parts}
          chosen={chosen}
          taken={unsold.sold}
          fault={errorOf("section") ?? errorOf("categories")}
          onChange={setChosen}
        />
      )}
      <Check
        name="hidden"
        label="Hidden: only for those with a code"
        hint="A promo code opens it. Nobody else sees it."
      />
      <Button type="submit" busy={isBusy} disabled={kind !== "places" && chosen.length === 0}>
        Add it
      </Button>
    </form>
  );
}

interface Unsold {
  kind: PartKind;
  parts: Part[];
  /** Of which seats are sold under another name already. */
  sold: ReadonlySet<string>;
}

/** What of the session's plan a further ticket type can sell; nothing where all of it is sold, or there is no plan. */
function useUnsold({ id, layout_id: layout }: Session): { kinds: Unsold[]; isPending: boolean } {
  const isSeated = layout != null;
  const plan = useQuery({ ...layoutQuery(layout ?? 0), enabled: isSeated });
  const seats = useQuery({ ...seatsQuery(id), enabled: isSeated });
  if (!plan.data || !seats.data) return { kinds: [], isPending: isSeated && (plan.isPending || seats.isPending) };
  const [now, of] = [seats.data, plan.data];
  const kinds = (["categories", "sections"] as const).map((kind) => ({
    kind,
    parts: partsOf(of, kind),
    sold: partsSold(of, kind, now),
  }));
  return { kinds: kinds.filter(({ parts, sold }) => parts.some(({ name }) => !sold.has(name))), isPending: false };
}
