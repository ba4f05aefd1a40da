import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { EventCard } from "../api/types";
import { EventArt } from "../events/EventArt";
import { eventStatus } from "../events/status";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { Badge } from "../ui/Card";
import { Icon } from "../ui/Icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { myEventsQuery } from "./api";

export function MyEventsPage() {
  useTitle("My events");
  const events = useQuery(myEventsQuery());
  return (
    <>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">My events</h1>
        <Link {...to.newEvent()} className={buttonClass("primary")}>
          <Icon name="plus" /> New event
        </Link>
      </div>
      {events.isPending ? (
        <Loading what="your events" className="grid gap-3">
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </Loading>
      ) : events.isError ? (
        <ErrorState error={events.error} onRetry={() => void events.refetch()} />
      ) : events.data.length === 0 ? (
        <EmptyState title="No events yet">Create one: it stays a draft until you publish it.</EmptyState>
      ) : (
        <ul className="grid gap-3">
          {events.data.map((event) => (
            <li key={event.id}>
              <EventRow event={event} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function EventRow({ event }: { event: EventCard }) {
  const sold = event.total_tickets - event.remaining_tickets;
  const share = event.total_tickets > 0 ? sold / event.total_tickets : 0;
  return (
    <Link
      {...to.organiseEvent(event.id)}
      className="group grid grid-cols-[4.5rem_1fr] items-center gap-4 overflow-hidden rounded-lg border border-line bg-card pe-4 hover:border-control sm:grid-cols-[6rem_1fr_14rem]"
    >
      <EventArt event={event} className="size-full min-h-22" />
      <div className="grid gap-1 py-3">
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="text-lg font-bold group-hover:text-flare-ink">{event.name}</span>
          <Badge tone={eventStatus[event.status].tone}>{eventStatus[event.status].text}</Badge>
        </span>
        <span className="text-sm text-soft">
          {timeText(event.event_date, "both", event.time_zone)} · {event.venue}
        </span>
      </div>
      <div className="hidden sm:block">
        <p className="figures flex justify-between text-sm">
          <span className="font-semibold">{sold.toLocaleString()} gone</span>
          <span className="text-soft">of {event.total_tickets.toLocaleString()}</span>
        </p>
        <div className="mt-1.5 h-2 overflow-hidden rounded-full bg-sunk">
          <div className="h-full bg-flare" style={{ width: `${share * 100}%` }} />
        </div>
      </div>
    </Link>
  );
}
