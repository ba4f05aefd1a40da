import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { EventDetail } from "../api/types";
import { eventQuery } from "../events/api";
import { eventStatus } from "../events/status";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button, buttonClass } from "../ui/Button";
import { Badge, Card } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { Attendees } from "./Attendees";
import { Stats } from "./Stats";
import { actOnEvent, type EventAct } from "./api";
import { RoomCard } from "./rooms/RoomCard";
import { roomsQuery } from "./rooms/api";

/** One event as its organiser sees it: how it sells, who comes, and the line in front of it. */
export function EventConsolePage() {
  const id = Number(useParams({ from: "/organise/events/$eventId" }).eventId);
  const event = useQuery(eventQuery(id));
  useTitle(event.data && `${event.data.name} · Organise`);
  if (event.isPending) {
    return (
      <Loading what="the event" className="grid gap-4">
        <Skeleton className="h-20" />
        <Skeleton className="h-56" />
      </Loading>
    );
  }
  if (event.isError) return <ErrorState error={event.error} onRetry={() => void event.refetch()} />;
  return (
    <div className="grid grid-cols-1 gap-8">
      <Head event={event.data} />
      <Stats event={id} />
      {event.data.room && <EventRoom room={event.data.room} />}
      <Attendees event={id} />
    </div>
  );
}

function Head({ event }: { event: EventDetail }) {
  return (
    <div className="flex flex-wrap items-start justify-between gap-4">
      <div>
        <div className="mb-2 flex gap-2">
          <Badge tone={eventStatus[event.status].tone}>{eventStatus[event.status].text}</Badge>
        </div>
        <h1 className="poster text-3xl">{event.name}</h1>
        <p className="mt-1 text-soft">
          {timeText(event.event_date, "both", event.sessions[0]?.time_zone)} · {event.venue}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Link {...to.event(event.id)} className={buttonClass("quiet")}>
          See its page
        </Link>
        <Acts event={event} />
      </div>
    </div>
  );
}

/** Publish at once; cancel only after saying what it does. */
function Acts({ event }: { event: EventDetail }) {
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const act = useMutation({
    mutationFn: (which: EventAct) => actOnEvent(event.id, which),
    onSuccess: (_, which) => {
      setAsking(false);
      toast("good", which === "publish" ? "Published: fans can see it now." : "The event is cancelled.");
      void client.invalidateQueries({ queryKey: ["event", event.id] });
      void client.invalidateQueries({ queryKey: ["organise"] });
      void client.invalidateQueries({ queryKey: ["events"] });
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <>
      {event.status === "draft" && (
        <Button busy={act.isPending} onClick={() => act.mutate("publish")}>
          Publish
        </Button>
      )}
      {event.status === "published" && (
        <Button look="danger" onClick={() => setAsking(true)}>
          Cancel event
        </Button>
      )}
      <Dialog open={isAsking} title={`Cancel ${event.name}?`} onClose={() => setAsking(false)}>
        <p className="mb-5 text-soft">
          Every booking is refunded in full and every fan gets a mail. Tickets stop working at once. This can't be
          undone.
        </p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button look="danger" busy={act.isPending} onClick={() => act.mutate("cancel")}>
            Cancel the event
          </Button>
          <Button look="strong" onClick={() => setAsking(false)}>
            Keep it
          </Button>
        </div>
      </Dialog>
    </>
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
