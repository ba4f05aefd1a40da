import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem, type Problem } from "../api/problem";
import type { AppliedPromo } from "../api/types";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { toast } from "../ui/Toast";
import { sumText } from "../ui/money";
import { Skeleton } from "../ui/states";
import { useForm } from "../users/form";
import { orderOfHold, orderQuery } from "./order";
import { applyPromo, promoQuery, removePromo, wasPromoUsed } from "./promo";
import { say } from "./words";

interface Props {
  /** The checkout's id. */
  id: string;
  hold: string;
  currency: string;
}

/** A code that lowers the prices of a hold: typed in, shown, taken off again. */
export function PromoCode({ id, hold, currency }: Props) {
  const [isOpen, setOpen] = useState(() => wasPromoUsed(hold));
  const promo = useQuery({ ...promoQuery(hold), enabled: isOpen });
  if (promo.data) return <Applied id={id} hold={hold} promo={promo.data} />;
  return (
    <details open={isOpen} onToggle={(toggle) => setOpen(toggle.currentTarget.open)}>
      <summary className="inline-flex min-h-11 cursor-pointer items-center text-sm font-semibold underline">
        {say("promoAsk")}
      </summary>
      {promo.isFetching ? <Skeleton className="h-11" /> : <CodeForm id={id} hold={hold} currency={currency} />}
    </details>
  );
}

function CodeForm({ id, hold, currency }: Props) {
  const client = useQueryClient();
  const form = useForm(async (value) => {
    try {
      const { hold: lower, ...applied } = await applyPromo(hold, value("code").trim());
      client.setQueryData(orderQuery(id).queryKey, orderOfHold(lower));
      client.setQueryData(promoQuery(hold).queryKey, applied);
      toast("good", say("promoDone", { sum: sumText(applied.discount_minor, currency) }));
    } catch (error) {
      // The hold is not what it was: another tab put a code on it, or it is over.
      if ([404, 409, 410].includes(asProblem(error).status)) {
        void client.invalidateQueries({ queryKey: promoQuery(hold).queryKey });
        void client.invalidateQueries({ queryKey: orderQuery(id).queryKey });
      }
      throw error;
    }
  });
  return (
    <form onSubmit={form.submit} className="grid gap-3 pt-1">
      <Field
        label={say("promoCode")}
        name="code"
        required
        maxLength={40}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        error={form.problem === null ? undefined : refusalText(form.problem)}
      />
      <Button type="submit" look="quiet" busy={form.isBusy} className="justify-self-start">
        {say("promoUse")}
      </Button>
    </form>
  );
}

const refusalText = (problem: Problem): string =>
  problem.slug === "promo-invalid" ? say("promoInvalid") : problem.message;

function Applied({ id, hold, promo }: { id: string; hold: string; promo: AppliedPromo }) {
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removePromo(hold),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: orderQuery(id).queryKey });
      client.setQueryData(promoQuery(hold).queryKey, null);
      toast("info", say("promoGone"));
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <Button
      look="quiet"
      size="small"
      busy={remove.isPending}
      onClick={() => remove.mutate()}
      className="justify-self-start"
    >
      {say("promoRemove", { code: promo.code })}
    </Button>
  );
}
