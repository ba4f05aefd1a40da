import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { EventDetail, PromoCodeReport } from "../../api/types";
import { Ask } from "../../ui/Ask";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { toast } from "../../ui/Toast";
import { sumText } from "../../ui/money";
import { promosQuery, withdrawPromo } from "../api";
import { timeText } from "../../ui/time";
import { PromoForm } from "./PromoForm";
import { typesOf } from "./promo";

/** Codes that lower the price of an event's tickets, and what came of them. */
export function PromoCodes({ event }: { event: EventDetail }) {
  const codes = useQuery(promosQuery(event.id)).data;
  const [isNew, setNew] = useState(false);
  if (codes === undefined) return null;
  return (
    <section aria-labelledby="promos">
      <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
        <h2 id="promos" className="heading text-2xl">
          Promo codes
        </h2>
        <Button look="quiet" onClick={() => setNew(true)}>
          New code
        </Button>
      </div>
      <Card className="p-5">
        {codes.length === 0 ? (
          <p className="text-soft">None yet. A code takes a part off the price of each ticket at the checkout.</p>
        ) : (
          <ul className="divide-y divide-line">
            {codes.map((code) => (
              <Code key={code.id} event={event} code={code} />
            ))}
          </ul>
        )}
      </Card>
      <Dialog open={isNew} title="New promo code" onClose={() => setNew(false)}>
        <PromoForm event={event} onDone={() => setNew(false)} />
      </Dialog>
    </section>
  );
}

const offText = ({ percent, amount_minor: amount }: PromoCodeReport, currency: string): string =>
  percent == null && amount == null
    ? "opens hidden tickets"
    : `${percent == null ? sumText(amount ?? 0, currency) : `${percent} %`} off each ticket`;

function Code({ event, code }: { event: EventDetail; code: PromoCodeReport }) {
  const client = useQueryClient();
  const [isAsked, setAsked] = useState(false);
  const withdraw = useMutation({
    mutationFn: () => withdrawPromo(code.id),
    onSuccess: () => {
      toast("good", `${code.code} works no more.`);
      void client.invalidateQueries({ queryKey: promosQuery(event.id).queryKey });
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: () => setAsked(false),
  });
  const types = typesOf(event);
  const named = (ids: readonly number[]) => types.filter(({ id }) => ids.includes(id)).map(({ text }) => text);
  const most = code.uses_max == null ? "" : ` of ${code.uses_max.toLocaleString()}`;
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 py-3">
      <p>
        <span className="font-semibold wrap-anywhere">{code.code}</span>
        <span className="block text-sm text-soft">
          {offText(code, event.currency)} · used {code.uses.toLocaleString()}
          {most} · {sumText(code.discount_minor, event.currency)} taken off in all
        </span>
        <span className="block text-sm text-soft">
          {[
            code.ticket_types.length > 0 && `for ${named(code.ticket_types).join(", ")}`,
            code.unlocks.length > 0 && `opens ${named(code.unlocks).join(", ")}`,
            code.valid_from && `from ${timeText(code.valid_from, "short")}`,
            code.valid_until && `until ${timeText(code.valid_until, "short")}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </p>
      {code.withdrawn ? (
        <span className="text-sm text-soft">taken back</span>
      ) : (
        <Button look="quiet" size="small" aria-label={`Take back ${code.code}`} onClick={() => setAsked(true)}>
          Take back
        </Button>
      )}
      <Ask
        open={isAsked}
        title={`Take ${code.code} back?`}
        yes="Take it back"
        no="Leave it"
        busy={withdraw.isPending}
        onYes={() => withdraw.mutate()}
        onClose={() => setAsked(false)}
      >
        <p>It works no more, for good. What was bought or is held with it stays.</p>
      </Ask>
    </li>
  );
}
