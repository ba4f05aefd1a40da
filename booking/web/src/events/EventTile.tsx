import { Link } from "@tanstack/react-router";
import type { EventCard } from "../api/types";
import { to } from "../paths";
import { Badge } from "../ui/Card";
import { useNow } from "../ui/clock";
import { priceText } from "../ui/money";
import { Skeleton } from "../ui/states";
import { dateBlock, timeText } from "../ui/time";
import { EventArt } from "./EventArt";
import { saleState } from "./sale";
import { say } from "./words";

/** Where the sale stands, in a word or two. */
export function SaleBadge({ event }: { event: EventCard }) {
  const state = saleState(event, useNow(10_000));
  if (state === "before" && event.sales_open_at)
    return <Badge tone="info">{say("onSaleFrom", { day: timeText(event.sales_open_at, "day") })}</Badge>;
  if (state === "last") return <Badge tone="warn">{say("last", { count: event.remaining_tickets })}</Badge>;
  if (state === "sold-out") return <Badge>{say("soldOut")}</Badge>;
  if (state === "cancelled") return <Badge tone="bad">{say("cancelled")}</Badge>;
  if (state === "draft") return <Badge>{say("draft")}</Badge>;
  if (state === "ended") return <Badge>{say("saleEnded")}</Badge>;
  if (state === "past") return <Badge>{say("past")}</Badge>;
  if (event.room) return <Badge tone="flare">{say("highDemand")}</Badge>;
  return null;
}

/** The price a fan starts from. */
export const fromPrice = (event: EventCard): string => {
  const price = priceText(event.ticket_price_minor, event.currency);
  return event.ticket_price_minor === 0 ? price : say("fromPrice", { price });
};

/** An event in a list: a row on phones, a poster from tablets on. */
export function EventTile({ event, level }: { event: EventCard; level: 2 | 3 }) {
  const Heading = `h${level}` as const;
  const date = dateBlock(event.event_date, event.time_zone);
  return (
    <article className="group relative grid grid-cols-[6.5rem_1fr] gap-4 sm:grid-cols-1 sm:content-start sm:gap-0">
      <div className="relative overflow-hidden rounded-lg">
        <EventArt
          event={event}
          className="aspect-square w-full transition-transform duration-500 ease-line group-hover:scale-[1.04] sm:aspect-4/3"
        />
        <div
          className="absolute start-0 top-0 grid justify-items-center rounded-ee-lg bg-paper px-2.5 pt-1 pb-1.5 sm:px-3.5"
          aria-hidden="true"
        >
          <span className="caption text-soft">{date.month}</span>
          <span className="poster text-[1.5rem] leading-[0.95] sm:text-[2.1rem]">{date.day}</span>
        </div>
      </div>
      <div className="grid content-start gap-1 sm:pt-3.5">
        <Heading className="poster text-[1.45rem] leading-[1] sm:text-[1.75rem]">
          <Link {...to.event(event.id)} className="after:absolute after:inset-0 group-hover:text-flare-ink">
            {event.name}
          </Link>
        </Heading>
        <p className="text-sm text-soft">
          {timeText(event.event_date, "both", event.time_zone)}
          <span className="mx-1.5" aria-hidden="true">
            ·
          </span>
          {event.venue}
        </p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <span className="text-sm font-bold">{fromPrice(event)}</span>
          <SaleBadge event={event} />
        </div>
      </div>
    </article>
  );
}

export const tileGrid = "grid gap-x-6 gap-y-6 sm:grid-cols-2 sm:gap-y-10 lg:grid-cols-3";

export function TileSkeletons({ count }: { count: number }) {
  return (
    <div className={tileGrid}>
      {Array.from({ length: count }, (_, index) => (
        <div key={index} className="grid grid-cols-[6.5rem_1fr] gap-4 sm:grid-cols-1 sm:gap-3">
          <Skeleton className="aspect-square sm:aspect-4/3" />
          <div className="grid content-start gap-2">
            <Skeleton className="h-7 w-4/5" />
            <Skeleton className="h-4 w-3/5" />
            <Skeleton className="h-4 w-1/4" />
          </div>
        </div>
      ))}
    </div>
  );
}
