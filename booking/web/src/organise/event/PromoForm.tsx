import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { EventDetail } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field, Select } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { minorUnits } from "../../ui/money";
import { FormProblem, useForm } from "../../users/form";
import { addPromo, promosQuery } from "../api";
import { amountFault, amountPattern } from "../amounts";
import { Check } from "../rooms/Check";
import { type OfferedType, type PromoKind, promoOf, typesOf } from "./promo";

/** A further promo code of an event. */
export function PromoForm({ event, onDone }: { event: EventDetail; onDone: () => void }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<PromoKind>("percent");
  const [types, setTypes] = useState<readonly number[]>([]);
  const [unlocks, setUnlocks] = useState<readonly number[]>([]);
  const offered = typesOf(event);
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const made = await addPromo(event.id, promoOf({ kind, types, unlocks }, value, minorUnits(event.currency)));
    toast("good", `${made.code} works from now on.`);
    void client.invalidateQueries({ queryKey: promosQuery(event.id).queryKey });
    onDone();
  });
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <Field
        label="Code"
        name="code"
        required
        minLength={3}
        maxLength={40}
        autoComplete="off"
        hint="Letters, digits and dashes; case doesn't matter."
        error={errorOf("code")}
      />
      <div className="grid grid-cols-2 gap-5">
        <Select label="Takes off" value={kind} onChange={(change) => setKind(change.target.value as typeof kind)}>
          <option value="percent">a percentage</option>
          <option value="amount">an amount</option>
          {offered.some(({ isHidden }) => isHidden) && <option value="nothing">nothing</option>}
        </Select>
        {kind === "nothing" ? (
          <p className="self-end text-sm text-soft">It only opens hidden tickets.</p>
        ) : kind === "percent" ? (
          <Field
            key="percent"
            label="Percent"
            name="off"
            type="number"
            min={1}
            max={100}
            required
            error={errorOf("percent")}
          />
        ) : (
          <Field
            key="amount"
            label={`Each ticket, ${event.currency}`}
            name="off"
            required
            inputMode="decimal"
            pattern={amountPattern(event.currency)}
            title={amountFault(event.currency)}
            error={errorOf("amount_minor")}
          />
        )}
        <Field
          label="Purchases in all"
          name="uses_max"
          type="number"
          min={1}
          hint="Empty: any."
          error={errorOf("uses_max")}
        />
        <Field
          label="Purchases a person"
          name="uses_per_person"
          type="number"
          min={1}
          hint="Empty: any."
          error={errorOf("uses_per_person")}
        />
        <Field label="Works from" name="valid_from" type="datetime-local" error={errorOf("valid_from")} />
        <Field
          label="Works until"
          name="valid_until"
          type="datetime-local"
          hint="By your own clock. Empty: always."
          error={errorOf("valid_until")}
        />
      </div>
      {offered.length > 1 && (
        <TypeChoice
          title="Only for"
          hint="None chosen: for all."
          types={offered}
          chosen={types}
          onChosen={setTypes}
          error={errorOf("ticket_types")}
        />
      )}
      {offered.some(({ isHidden }) => isHidden) && (
        <TypeChoice
          title="Opens"
          hint="Hidden tickets that whoever has the code may buy."
          types={offered.filter(({ isHidden }) => isHidden)}
          chosen={unlocks}
          onChosen={setUnlocks}
          error={errorOf("unlocks")}
        />
      )}
      <Button type="submit" busy={isBusy}>
        Make it
      </Button>
    </form>
  );
}

interface ChoiceProps {
  title: string;
  hint: string;
  types: readonly OfferedType[];
  chosen: readonly number[];
  onChosen: (chosen: readonly number[]) => void;
  error: string | undefined;
}

function TypeChoice({ title, hint, types, chosen, onChosen, error }: ChoiceProps) {
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-semibold">{title}</legend>
      <p className="text-sm text-soft">{hint}</p>
      {types.map(({ id, text }) => (
        <Check
          key={id}
          label={text}
          checked={chosen.includes(id)}
          onChange={() => onChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id])}
        />
      ))}
      {error && <p className="text-sm font-medium text-bad">{error}</p>}
    </fieldset>
  );
}
