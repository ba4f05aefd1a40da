import type { ReactNode } from "react";
import type { Venue } from "../../api/types";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { priceText, sumText } from "../../ui/money";
import { timeText } from "../../ui/time";
import { amountOf } from "../amounts";
import type { ChargesDraft } from "../charges";
import type { StepProps } from "./NewEventPage";
import { steps } from "./draft";

interface Props extends StepProps {
  venue: Venue | null;
  /** Back to one of the pages. */
  onEdit: (step: number) => void;
}

/** All that was said, before fans read it. */
export function StepCheck({ draft, timeZone, venue, onEdit }: Props) {
  const layout = venue?.layouts.find(({ id }) => String(id) === draft.layoutId);
  const charges = chargesText(draft.charges, draft.currency);
  // What was typed is the venue's clock already.
  const local = (typed: string) => timeText(`${typed}:00Z`, "both", "UTC");
  return (
    <Card className="divide-y divide-line">
      <Part step={0} onEdit={onEdit}>
        <p className="text-lg font-bold">{draft.name}</p>
        <p className="line-clamp-3 whitespace-pre-line text-soft">{draft.description || "No description."}</p>
      </Part>
      <Part step={1} onEdit={onEdit}>
        <p className="font-semibold">{venue?.name ?? draft.venueName}</p>
        <ul className="figures text-soft">
          {draft.sessions.map(({ key, startsAt, roomName }) => (
            <li key={key}>
              {local(startsAt)}
              {roomName && ` · ${roomName}`}
            </li>
          ))}
        </ul>
        <p className="text-sm text-soft">{timeZone.replaceAll("_", " ")}</p>
      </Part>
      <Part step={2} onEdit={onEdit}>
        <p className="font-semibold">
          {layout ? `${layout.name}, ${layout.seats.toLocaleString()} seats` : "Standing"}
        </p>
        <ul className="text-soft">
          {draft.types.map((type) => (
            <li key={type.key} className="figures flex items-center gap-2">
              <span aria-hidden="true" className="size-3 rounded-xs" style={{ background: type.colour }} />
              {type.name}: {priceText(amountOf(type.price, draft.currency) ?? 0, draft.currency)},{" "}
              {layout ? [...type.categories, ...type.sections].join(", ") : `${type.quantity} places`}
            </li>
          ))}
        </ul>
      </Part>
      <Part step={3} onEdit={onEdit}>
        <p>
          {draft.salesOpenAt ? `On sale from ${local(draft.salesOpenAt)}` : "On sale as soon as it is published"}
          {draft.salesCloseAt && `, until ${local(draft.salesCloseAt)}`}.
        </p>
        <p className="text-soft">
          At most {draft.perPersonLimit} a person
          {draft.room ? `, through the waiting room “${draft.room}”` : ", without a waiting room"}. Paid back in full
          until {draft.fullUntilH} hours before, by half until {draft.halfUntilH}.
        </p>
        {charges && <p className="text-soft">{charges}</p>}
      </Part>
    </Card>
  );
}

/** What comes onto the price, in words; empty where nothing does. */
function chargesText({ feeFixed, feePercent, taxes, isIncluded }: ChargesDraft, currency: string): string {
  const fixed = feeFixed && sumText(amountOf(feeFixed, currency) ?? 0, currency);
  const fee = [fixed, feePercent && `${feePercent} %`].filter(Boolean).join(" + ");
  const named = taxes.map(({ name, percent }) => `${name} (${percent} %)`).join(", ");
  return [fee && `Service fee ${fee} a ticket.`, named && `${named}, ${isIncluded ? "included" : "added on top"}.`]
    .filter(Boolean)
    .join(" ");
}

function Part({ step, onEdit, children }: { step: number; onEdit: Props["onEdit"]; children: ReactNode }) {
  return (
    <section className="flex items-start justify-between gap-4 p-5">
      <div className="grid min-w-0 gap-1">
        <h2 className="caption text-soft">{steps[step]}</h2>
        {children}
      </div>
      <Button look="plain" size="small" onClick={() => onEdit(step)} aria-label={`Change: ${steps[step]}`}>
        <Icon name="edit" /> Change
      </Button>
    </section>
  );
}
