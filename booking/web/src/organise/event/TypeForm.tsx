import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import type { EventDetail, TicketType, TicketTypeChange } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { majorText } from "../../ui/money";
import { FormProblem } from "../../users/form";
import { changeTicketType, deleteTicketType } from "../api";
import { Check } from "../rooms/Check";
import { amountFault, amountOf } from "../amounts";
import { useEventChanged } from "./EventActs";

interface Props {
  event: EventDetail;
  type: TicketType;
  onDone: () => void;
}

/** Changes a ticket type; what its buyers were promised stands once one is sold or held. */
export function TypeForm({ event, type, onDone }: Props) {
  const [name, setName] = useState(type.name);
  const face = type.face_minor;
  const [price, setPrice] = useState(majorText(face, event.currency));
  const [total, setTotal] = useState(String(type.total));
  const [premium, setPremium] = useState(type.premium);
  const [hidden, setHidden] = useState(type.hidden);
  const priceMinor = amountOf(price, event.currency);
  const isTaken = type.remaining < type.total;
  const acts = useTypeActs(event, type, onDone);
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    acts.change.mutate({
      change: {
        ...(name.trim() === type.name ? {} : { name: name.trim() }),
        ...(priceMinor === face ? {} : { price_minor: priceMinor }),
        ...(Number(total) === type.total ? {} : { quantity: Number(total) }),
        ...(premium === type.premium ? {} : { premium }),
        ...(hidden === type.hidden ? {} : { hidden }),
      },
      said: `${name.trim()} is changed.`,
    });
  };
  const problem = acts.change.isError ? asProblem(acts.change.error) : null;
  const stands = isTaken ? "Stands: places of it are sold or held." : undefined;
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <Field
        label="Name"
        required
        maxLength={80}
        value={name}
        disabled={isTaken}
        hint={stands}
        error={problem?.fields["name"]}
        onChange={(change) => setName(change.target.value)}
      />
      <div className="grid gap-5 sm:grid-cols-2">
        <Field
          label={`Price, ${event.currency}`}
          inputMode="decimal"
          value={price}
          disabled={isTaken}
          error={problem?.fields["price_minor"] ?? (priceMinor === null ? amountFault(event.currency) : undefined)}
          onChange={(change) => setPrice(change.target.value)}
        />
        {!type.seated && (
          <Field
            label="Places"
            type="number"
            min={1}
            required
            value={total}
            error={problem?.fields["quantity"]}
            onChange={(change) => setTotal(change.target.value)}
          />
        )}
      </div>
      <Check
        label="Premium: marked with a star"
        checked={premium}
        onChange={(change) => setPremium(change.target.checked)}
      />
      <Check
        label="Hidden: only for those with a code"
        hint="A promo code opens it. Nobody else sees it."
        checked={hidden}
        onChange={(change) => setHidden(change.target.checked)}
      />
      <Button type="submit" busy={acts.change.isPending} disabled={priceMinor === null}>
        Save
      </Button>
      <div className="flex flex-wrap gap-2 border-t border-dashed border-line pt-5">
        <Button
          look="quiet"
          size="small"
          disabled={acts.change.isPending}
          onClick={() => acts.withdraw(!type.withdrawn)}
        >
          {type.withdrawn ? "Put back on sale" : "Take off sale"}
        </Button>
        {!isTaken && (
          <Button look="danger" size="small" busy={acts.remove.isPending} onClick={() => acts.remove.mutate()}>
            <Icon name="bin" /> Delete
          </Button>
        )}
      </div>
    </form>
  );
}

/** What can be done with a ticket type; taking it off sale can be taken back. */
function useTypeActs(event: EventDetail, type: TicketType, onDone: () => void) {
  const changed = useEventChanged(event.id);
  const change = useMutation({
    mutationFn: (what: { change: TicketTypeChange; said: string; undo?: () => void }) =>
      changeTicketType(type.id, what.change),
    onSuccess: (_, { said, undo }) => {
      toast("good", said, undo && { label: "Undo", act: undo });
      changed();
      onDone();
    },
  });
  const remove = useMutation({
    mutationFn: () => deleteTicketType(type.id),
    onSuccess: () => {
      toast("good", `${type.name} is deleted.`);
      changed();
      onDone();
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  const undo = (withdrawn: boolean) => () =>
    void changeTicketType(type.id, { withdrawn }).then(changed, (error: unknown) =>
      toast("bad", asProblem(error).message),
    );
  return {
    change,
    remove,
    withdraw: (withdrawn: boolean) =>
      change.mutate({
        change: { withdrawn },
        said: withdrawn ? `${type.name} is off sale.` : `${type.name} is on sale again.`,
        undo: undo(!withdrawn),
      }),
  };
}
