import { EventArt } from "../events/EventArt";
import { placeText } from "../seats/place";
import { Card } from "../ui/Card";
import { sumText } from "../ui/money";
import type { AppliedPromo } from "../api/types";
import { timeText } from "../ui/time";
import { PriceParts } from "./PriceParts";
import type { Order } from "./order";
import { priceBefore } from "./promo";
import { say } from "./words";

/** What is being bought, seat by seat, and the sum; with a promo code, what it was before. */
export function OrderSummary({ order, promo }: { order: Order; promo: AppliedPromo | null }) {
  const { event, session, currency } = order;
  return (
    <Card className="overflow-hidden">
      {event && <EventArt event={event} className="h-24 w-full max-md:hidden" />}
      <div className="p-5">
        {event && <h2 className="poster text-2xl">{event.name}</h2>}
        {session && (
          <p className="mt-1 text-sm text-soft">
            {timeText(session.starts_at, "both", session.time_zone)}
            {event?.venue && ` · ${event.venue}`}
          </p>
        )}
        <ul className="mt-4 grid gap-2">
          {linesOf(order).map((line) => (
            <li key={line.key} className="flex items-baseline justify-between gap-4">
              <span>{line.text}</span>
              <span className="figures">{sumText(line.sum, currency)}</span>
            </li>
          ))}
        </ul>
      </div>
      <div className="grid gap-2 border-t-2 border-dashed border-line px-5 py-4">
        {promo && (
          <>
            <p className="flex items-baseline justify-between gap-4">
              <span>{say("priceBefore")}</span>
              <span className="figures">{sumText(priceBefore(order.total_minor, promo), currency)}</span>
            </p>
            <p className="flex items-baseline justify-between gap-4 text-good">
              <span className="wrap-anywhere">{say("promoOff", { code: promo.code })}</span>
              <span className="figures">{sumText(-promo.discount_minor, currency)}</span>
            </p>
          </>
        )}
        <PriceParts price={order.price} currency={currency} />
        <p className="flex items-baseline justify-between">
          <span className="font-bold">{say("total")}</span>
          <span className="poster figures text-2xl">{sumText(order.total_minor, currency)}</span>
        </p>
      </div>
    </Card>
  );
}

interface Line {
  key: string;
  text: string;
  sum: number;
  /** Given back since. */
  isBack: boolean;
}

/** Seats one by one; tickets without seats together, by price. */
export function linesOf(order: Pick<Order, "seats">): Line[] {
  const standing = new Map<string, { count: number; name: string; sum: number; isBack: boolean }>();
  const lines: Line[] = [];
  for (const seat of order.seats) {
    const isBack = (seat.refund_minor ?? null) !== null;
    if (seat.label) {
      lines.push({
        key: String(seat.id),
        text: placeText(seat),
        sum: seat.price_minor,
        isBack,
      });
      continue;
    }
    const name = seat.ticket_type;
    const key = `${name}|${seat.price_minor}|${isBack}`;
    const line = standing.get(key) ?? { count: 0, name, sum: 0, isBack };
    standing.set(key, {
      ...line,
      count: line.count + 1,
      sum: line.sum + seat.price_minor,
    });
  }
  for (const [key, { count, name, ...line }] of standing) lines.push({ key, text: `${count} × ${name}`, ...line });
  return lines;
}
