import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { EventDetail } from "../api/types";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { say as shop } from "../shell/words";
import { buttonClass } from "../ui/Button";
import { Icon, type IconName } from "../ui/Icon";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText, zoneNote } from "../ui/time";
import { SaleBadge } from "./EventTile";
import { PlanPreview } from "./PlanPreview";
import { PosterBand } from "./PosterBand";
import { SaleNotice } from "./SaleNotice";
import { SessionCard } from "./SessionCard";
import { ShareButton } from "./ShareButton";
import { Terms } from "./Terms";
import { eventQuery } from "./api";
import { band, bandSizes } from "./band";
import { say } from "./words";

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
              {shop("seeEvents")}
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
              {say("ticketsTitle")}
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
                {say("about")}
              </h2>
              <p className="max-w-prose text-lg whitespace-pre-line">{event.description}</p>
            </section>
          )}
          <PlanPreview event={event} />
          <Terms event={event} />
        </div>
      </div>
    </article>
  );
}

function Banner({ event }: { event: EventDetail }) {
  return (
    <header>
      <PosterBand event={event} artClass={bandSizes.event.art}>
        <div className={bandSizes.event.words}>
          <SaleBadge event={event} />
          <h1 className={band.name}>{event.name}</h1>
          <div className="flex w-full flex-wrap items-center justify-between gap-x-6 gap-y-3">
            <p className="text-lg font-medium">
              {timeText(event.event_date, "both", zoneOf(event))}
              <br />
              {event.venue}
            </p>
            <ShareButton event={event} />
          </div>
        </div>
      </PosterBand>
    </header>
  );
}

/** The clock by which the event happens. */
const zoneOf = (event: EventDetail): string => event.venue_details?.time_zone ?? event.sessions[0]?.time_zone ?? "UTC";

function Facts({ event }: { event: EventDetail }) {
  const zone = zoneOf(event);
  const first = event.sessions[0];
  return (
    <dl className="grid gap-4 sm:grid-cols-2">
      <Fact icon="calendar" label={say("when")}>
        {timeText(event.event_date, "dayLong", zone)}
        <br />
        {timeText(event.event_date, "time", zone)}
        {first?.doors_at &&
          first.doors_at !== first.starts_at &&
          `, ${say("doors", { time: timeText(first.doors_at, "time", zone) })}`}
        {zoneNote(event.event_date, zone) && <span className="text-soft"> ({zoneNote(event.event_date, zone)})</span>}
      </Fact>
      <Fact icon="pin" label={say("where")}>
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

function EventSkeleton() {
  return (
    <Loading what={say("theEvent")}>
      <Skeleton className="h-96 rounded-none md:h-[22rem]" />
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
