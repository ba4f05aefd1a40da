import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { JoinLine } from "../admission/JoinLine";
import { StayLonger } from "../admission/StayLonger";
import { isAdmitted } from "../admission/tokens";
import { useAdmissionEnd } from "../admission/useAdmissionEnd";
import type { EventDetail, Session } from "../api/types";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { BigCountdown, Countdown } from "../ui/Countdown";
import { Icon, type IconName } from "../ui/Icon";
import { useNow } from "../ui/clock";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText, zoneNote } from "../ui/time";
import { SaleBadge } from "./EventTile";
import { PosterBand } from "./PosterBand";
import { PriceTiers } from "./PriceTiers";
import { eventQuery } from "./api";
import { isOnSale, saleState } from "./sale";

export function EventPage() {
  const { eventId } = useParams({ from: "/events/$eventId" });
  const event = useQuery(eventQuery(Number(eventId)));
  useTitle(event.data?.name);

  if (event.isPending) return <EventSkeleton />;
  if (event.isError) {
    return (
      <div className="page py-10">
        <ErrorState
          level={1}
          error={event.error}
          onRetry={() => void event.refetch()}
          action={
            <Link {...to.events()} className={buttonClass("quiet")}>
              See all events
            </Link>
          }
        />
      </div>
    );
  }
  return <EventView event={event.data} />;
}

function EventView({ event }: { event: EventDetail }) {
  return (
    <article>
      <Banner event={event} />
      <div className="page grid gap-10 py-8 md:py-12 lg:grid-cols-[1fr_26rem]">
        <section aria-labelledby="tickets" className="lg:order-2">
          <div className="lg:sticky lg:top-21">
            <h2 id="tickets" className="heading mb-4 text-2xl">
              Tickets
            </h2>
            <SaleNotice event={event} />
            <div className="grid gap-4">
              {event.sessions.map((session) => (
                <SessionCard key={session.id} event={event} session={session} />
              ))}
            </div>
          </div>
        </section>
        <div className="grid content-start gap-8">
          <Facts event={event} />
          {event.description && (
            <section aria-labelledby="about">
              <h2 id="about" className="heading mb-3 text-2xl">
                About
              </h2>
              <p className="max-w-prose text-lg whitespace-pre-line">{event.description}</p>
            </section>
          )}
          <Terms event={event} />
        </div>
      </div>
    </article>
  );
}

function Banner({ event }: { event: EventDetail }) {
  return (
    <header>
      <PosterBand event={event} artClass="h-44 sm:h-60">
        <div className="flex flex-col items-start justify-end gap-4 py-7 md:min-h-[22rem] md:py-12 md:pe-10">
          <SaleBadge event={event} />
          <h1 className="poster text-4xl break-words">{event.name}</h1>
        </div>
      </PosterBand>
    </header>
  );
}

function Facts({ event }: { event: EventDetail }) {
  const zone = event.venue_details?.time_zone ?? event.sessions[0]?.time_zone ?? "UTC";
  const first = event.sessions[0];
  return (
    <dl className="grid gap-4 sm:grid-cols-2">
      <Fact icon="calendar" label="When">
        {timeText(event.event_date, "dayLong", zone)}
        <br />
        {timeText(event.event_date, "time", zone)}
        {first?.doors_at && first.doors_at !== first.starts_at && `, doors ${timeText(first.doors_at, "time", zone)}`}
        {zoneNote(event.event_date, zone) && <span className="text-soft"> ({zoneNote(event.event_date, zone)})</span>}
      </Fact>
      <Fact icon="pin" label="Where">
        {event.venue}
        {event.venue_details?.address && <span className="block text-soft">{event.venue_details.address}</span>}
      </Fact>
    </dl>
  );
}

function Fact({ icon, label, children }: { icon: IconName; label: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="caption mb-1 flex items-center gap-2 text-soft">
        <Icon name={icon} className="text-base text-flare-ink" />
        {label}
      </dt>
      <dd className="font-semibold">{children}</dd>
    </div>
  );
}

/** Why tickets can't be bought now, or how the line works when they can. */
function SaleNotice({ event }: { event: EventDetail }) {
  const client = useQueryClient();
  const now = useNow();
  const state = saleState(event, now);
  if (state === "before" && event.sales_open_at) {
    return (
      <Card className="mb-4 grid gap-3 p-5">
        <p className="font-semibold">
          The sale opens {timeText(event.sales_open_at, "both")} <span className="text-soft">(your time)</span>
        </p>
        <BigCountdown
          until={event.sales_open_at}
          onEnd={() => void client.invalidateQueries({ queryKey: ["event", event.id] })}
        />
        {event.room && (
          <JoinLine room={event.room} className={buttonClass("primary")}>
            Enter the waiting room
          </JoinLine>
        )}
      </Card>
    );
  }
  const told: Partial<Record<typeof state, [string, string]>> = {
    cancelled: ["This event is cancelled", "Everyone who bought a ticket gets the full price back."],
    "sold-out": [
      "Sold out",
      "Tickets can come back when holds run out or bookings are cancelled. Look again in a while.",
    ],
    ended: ["The sale has ended", "Tickets may be left at the box office."],
    past: ["This event is over", "Thank you for being there."],
    draft: ["This event isn't published", "Only its organisers can see it."],
  };
  const words = told[state];
  if (words) {
    return (
      <div className="mb-4">
        <Notice tone={state === "cancelled" ? "bad" : "plain"} title={words[0]}>
          {words[1]}
        </Notice>
      </div>
    );
  }
  if (event.room && !isAdmitted(event.room, now)) {
    return (
      <div className="mb-4">
        <Notice tone="info" title="This sale has a line">
          You keep your place if you reload, close the tab or lose your connection.
        </Notice>
      </div>
    );
  }
  return event.room ? <YourTurn room={event.room} /> : null;
}

/** Admitted: how long the turn lasts. */
function YourTurn({ room }: { room: string }) {
  const ends = useAdmissionEnd(room);
  return (
    <div className="mb-4 grid gap-2">
      <Notice tone="good" title="It's your turn">
        {ends === null ? (
          "Choose your tickets now."
        ) : (
          <>
            Choose and pay within <Countdown until={new Date(ends).toISOString()} className="font-bold" />.
          </>
        )}
      </Notice>
      <StayLonger room={room} />
    </div>
  );
}

function SessionCard({ event, session }: { event: EventDetail; session: Session }) {
  const now = useNow();
  const isSelling = isOnSale(saleState(event, now)) && Date.parse(session.starts_at) > now;
  return (
    <Card className="overflow-hidden">
      <div className="flex items-start justify-between gap-4 px-5 pt-4.5">
        <div>
          <h3 className="text-lg font-bold">{timeText(session.starts_at, "both", session.time_zone)}</h3>
          <p className="text-sm text-soft">
            {[session.room_name, session.seated ? "Choose your seats" : "Standing, no seat numbers"]
              .filter(Boolean)
              .join(" · ")}
          </p>
        </div>
        <p className="text-end text-sm whitespace-nowrap">
          <span className="figures block text-lg font-bold">{session.remaining_tickets.toLocaleString()}</span>
          <span className="text-soft">left</span>
        </p>
      </div>
      <div className="px-5 py-3">
        <PriceTiers types={session.ticket_types} currency={event.currency} />
      </div>
      {isSelling && (
        <div className="border-t-2 border-dashed border-line p-4">
          <BuyLink event={event} session={session} now={now} />
        </div>
      )}
    </Card>
  );
}

/** To the line, or straight to the seats for those who have been admitted. */
function BuyLink({ event, session, now }: { event: EventDetail; session: Session; now: number }) {
  if (session.remaining_tickets <= 0) {
    return <p className="text-center font-semibold text-soft">Sold out</p>;
  }
  if (event.room && !isAdmitted(event.room, now)) {
    return (
      <JoinLine room={event.room} className={buttonClass("primary", "large", "w-full")}>
        Join the line
        <Icon name="arrow" className="rtl:rotate-180" />
      </JoinLine>
    );
  }
  return (
    <Link {...to.session(session.id)} className={buttonClass("primary", "large", "w-full")}>
      {session.seated ? "Choose seats" : "Get tickets"}
      <Icon name="arrow" className="rtl:rotate-180" />
    </Link>
  );
}

function Terms({ event }: { event: EventDetail }) {
  const policy = event.refund_policy;
  const lines = [
    event.per_person_limit ? `Up to ${event.per_person_limit} tickets a person.` : null,
    policy?.text ?? (policy ? refundWords(policy.full_until_h, policy.half_until_h) : null),
    event.organiser ? `Organised by ${event.organiser}.` : null,
  ].filter((line) => line !== null);
  if (lines.length === 0) return null;
  return (
    <section aria-labelledby="terms">
      <h2 id="terms" className="heading mb-3 text-xl">
        Good to know
      </h2>
      <ul className="grid max-w-prose gap-1.5 text-soft">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}

function refundWords(fullUntil: number | null, halfUntil: number | null): string {
  const days = (hours: number) => (hours % 24 === 0 ? `${hours / 24} days` : `${hours} hours`);
  if (fullUntil === null) return "Tickets can't be refunded.";
  const half = halfUntil === null ? "" : `, half back until ${days(halfUntil)} before`;
  return `Full refund until ${days(fullUntil)} before the start${half}.`;
}

function EventSkeleton() {
  return (
    <Loading what="the event">
      <Skeleton className="h-80 rounded-none md:h-[22rem]" />
      <div className="page grid gap-10 py-12 lg:grid-cols-[1fr_26rem]">
        <div className="grid content-start gap-4">
          <Skeleton className="h-16" />
          <Skeleton className="h-40" />
        </div>
        <Skeleton className="h-72" />
      </div>
    </Loading>
  );
}
