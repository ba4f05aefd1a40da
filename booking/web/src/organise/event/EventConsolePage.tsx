import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import type { EventDetail } from "../../api/types";
import { eventQuery } from "../../events/api";
import { eventStatus } from "../../events/status";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { buttonClass } from "../../ui/Button";
import { Badge, Card } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { timeText } from "../../ui/time";
import { RoomCard } from "../rooms/RoomCard";
import { ownTypesQuery } from "../api";
import { roomsQuery } from "../rooms/api";
import { Attendees } from "./Attendees";
import { Dates } from "./Dates";
import { EventActs } from "./EventActs";
import { Guests } from "./Guests";
import { withOwnTypes } from "./own";
import { PromoCodes } from "./PromoCodes";
import { Stats } from "./Stats";

/** One event as its organiser sees it: how it sells, who comes, and the line in front of it. */
export function EventConsolePage() {
  const id = Number(useParams({ from: "/organise/events/$eventId" }).eventId);
  const event = useQuery(eventQuery(id));
  const types = useQuery(ownTypesQuery(id)).data;
  useTitle(event.data && `${event.data.name} · Organise`);
  if (event.isPending) {
    return (
      <Loading what="the event" className="grid gap-4">
        <Skeleton className="h-20" />
        <Skeleton className="h-56" />
      </Loading>
    );
  }
  if (event.isError) return <ErrorState level={1} error={event.error} onRetry={() => void event.refetch()} />;
  const own = types === undefined ? event.data : withOwnTypes(event.data, types);
  return (
    <div className="grid grid-cols-1 gap-8">
      <Head event={own} />
      <Stats event={id} />
      <Dates event={own} />
      {own.room && <EventRoom room={own.room} />}
      <PromoCodes event={own} />
      <Guests event={own} />
      <Attendees event={own} />
    </div>
  );
}

function Head({ event }: { event: EventDetail }) {
  return (
    <div className="grid gap-5">
      <div>
        <Link {...to.myEvents()} className="inline-flex min-h-9 items-center gap-2 text-sm text-soft hover:text-ink">
          <Icon name="back" className="rtl:rotate-180" /> Events
        </Link>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="poster text-3xl break-words">{event.name}</h1>
          <Badge tone={eventStatus[event.status].tone}>{eventStatus[event.status].text}</Badge>
        </div>
        <p className="mt-1 text-soft">
          {timeText(event.event_date, "both", event.venue_details.time_zone)} · {event.venue}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Link {...to.event(event.id)} className={buttonClass("quiet")}>
          See its page
        </Link>
        <EventActs event={event} />
      </div>
    </div>
  );
}

function EventRoom({ room }: { room: string }) {
  const rooms = useQuery(roomsQuery());
  const found = rooms.data?.find((each) => each.id === room);
  return (
    <section aria-labelledby="room">
      <h2 id="room" className="heading mb-4 text-2xl">
        The line
      </h2>
      {found ? (
        <RoomCard room={found} level={3} />
      ) : (
        <Card className="p-5 text-soft">
          {rooms.isPending
            ? "Looking for the waiting room…"
            : `The waiting room “${room}” doesn't answer or doesn't exist.`}
        </Card>
      )}
    </section>
  );
}
