import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { EventDetail } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field, Select } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { minorUnits } from "../../ui/money";
import { FormProblem, useForm } from "../../users/form";
import { addPromo, promosQuery } from "../api";
import { minorOf } from "../wizard/draft";

const countOf = (text: string): number | null => (text === "" ? null : Number(text));

/** A further promo code of an event. */
export function PromoForm({ event, onDone }: { event: EventDetail; onDone: () => void }) {
  const client = useQueryClient();
  const [kind, setKind] = useState<"percent" | "amount">("percent");
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const off =
      kind === "percent"
        ? { percent: Number(value("off")) }
        : { amount_minor: minorOf(value("off"), minorUnits(event.currency)) };
    const made = await addPromo(event.id, {
      code: value("code").trim(),
      ...off,
      uses_max: countOf(value("uses_max")),
      uses_per_person: countOf(value("uses_per_person")),
    });
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
        </Select>
        {kind === "percent" ? (
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
            pattern="\d{1,9}([.,]\d{1,2})?"
            title="An amount like 5 or 2.50"
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
      </div>
      <Button type="submit" busy={isBusy}>
        Make it
      </Button>
    </form>
  );
}
