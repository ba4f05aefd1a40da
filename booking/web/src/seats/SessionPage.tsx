import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { StayLonger } from "../admission/StayLonger";
import { useAdmissionEnd } from "../admission/useAdmissionEnd";
import type { SessionDetail } from "../api/types";
import { EventArt } from "../events/EventArt";
import { sessionQuery } from "../events/api";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { say as shop } from "../shell/words";
import { buttonClass } from "../ui/Button";
import { Card } from "../ui/Card";
import { Countdown } from "../ui/Countdown";
import { Icon } from "../ui/Icon";
import { useNow } from "../ui/clock";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { GaPicker } from "./GaPicker";
import { QueueDialog } from "./QueueDialog";
import { SeatPicker } from "./SeatPicker";
import { Unlock } from "./Unlock";
import { seatsQuery } from "./api";
import { sessionBar } from "./bar";
import { useBasket } from "./basket";
import { useHold } from "./useHold";
import { say } from "./words";

/** Where tickets of one session are chosen: on the map, in the list, or by number. */
export function SessionPage() {
  const id = Number(useParams({ from: "/sessions/$sessionId" }).sessionId);
  const session = useQuery(sessionQuery(id));
  const seats = useQuery({
    ...seatsQuery(id),
    // Asked for beside the session, not after it; a session without seats answers with none.
    enabled: session.data?.seated !== false,
  });
  useTitle(session.data && say("title", { event: session.data.event.name }));

  const snapshot = session.data?.seated ? seats.data : undefined;
  const failed = session.error ?? (session.data?.seated ? seats.error : null);
  if (failed) {
    return (
      <div className="page py-10">
        <ErrorState
          level={1}
          error={failed}
          onRetry={() => void (session.error ? session.refetch() : seats.refetch())}
          action={
            <Link {...to.events()} className={buttonClass("quiet")}>
              {shop("seeEvents")}
            </Link>
          }
        />
      </div>
    );
  }
  if (!session.data || (session.data.seated && !snapshot)) return <SessionSkeleton />;
  return (
    <div className={`flex flex-col ${snapshot ? "h-[calc(100dvh-3.8rem)]" : ""}`}>
      <SessionBar session={session.data} />
      {session.data.event.room && <StayLonger room={session.data.event.room} />}
      <BasketBar session={session.data} />
      {snapshot ? (
        <SeatPicker key={id} session={session.data} snapshot={snapshot} />
      ) : (
        <StandingSession session={session.data} />
      )}
    </div>
  );
}

function StandingSession({ session }: { session: SessionDetail }) {
  const holding = useHold(session);
  return (
    <div className="page grid max-w-5xl items-start gap-10 py-8 md:py-12 lg:grid-cols-[1fr_22rem]">
      <div className="grid gap-8">
        <GaPicker session={session} types={session.ticket_types} holding={holding} />
        <Unlock session={session} holding={holding} />
      </div>
      <Card className="overflow-hidden max-lg:hidden">
        <EventArt event={session.event} className="h-52 w-full" />
        <div className="p-5">
          <p className="poster text-2xl">{session.event.name}</p>
          <p className="mt-2">{timeText(session.starts_at, "dayLong", session.time_zone)}</p>
          <p className="text-soft">{session.event.venue}</p>
          <p className="mt-4 border-t-2 border-dashed border-line pt-4 text-sm text-soft">{say("heldText")}</p>
        </div>
      </Card>
      <QueueDialog room={holding.needsQueue} reason={holding.problem} onClose={holding.clear} />
    </div>
  );
}

/** What is being bought, and how long the admission lasts. */
function SessionBar({ session }: { session: SessionDetail }) {
  const ends = useAdmissionEnd(session.event.room ?? null);
  return (
    <div className={sessionBar.whole}>
      <div className={sessionBar.line}>
        <Link
          {...to.event(session.event.id)}
          className="grid size-11 shrink-0 place-items-center rounded-md hover:bg-sunk"
          aria-label={say("backTo", { event: session.event.name })}
        >
          <Icon name="back" className="rtl:rotate-180" />
        </Link>
        <div className={sessionBar.words}>
          <h1 className={sessionBar.name}>{session.event.name}</h1>
          <p className="truncate text-sm text-soft">
            {timeText(session.starts_at, "both", session.time_zone)} · {session.event.venue}
          </p>
        </div>
        {ends !== null && (
          <p className="text-end text-sm">
            <span className="caption block text-soft">{say("turnEnds")}</span>
            <Countdown until={new Date(ends).toISOString()} className="text-lg font-bold" />
          </p>
        )}
      </div>
    </div>
  );
}

/** Tickets already held for this session: lead back to them. */
function BasketBar({ session }: { session: SessionDetail }) {
  const basket = useBasket();
  const now = useNow();
  if (basket === null || basket.session !== session.id || Date.parse(basket.expires_at) < now) return null;
  return (
    <div className="flex flex-wrap items-center justify-center gap-x-4 gap-y-1 bg-info-wash px-4 py-2 text-sm">
      <p>
        {say.rich("youHold", {
          tickets: <strong>{say("tickets", { count: basket.tickets })}</strong>,
          time: <Countdown until={basket.expires_at} className="font-bold" />,
        })}
      </p>
      <Link {...to.checkout(basket.hold)} className="py-1.5 font-bold underline">
        {say("checkout")}
      </Link>
    </div>
  );
}

function SessionSkeleton() {
  return (
    <Loading what={say("theSeats")} className="flex min-h-[calc(100dvh-3.8rem)] flex-col">
      <div className="border-b border-line px-5 py-4">
        <Skeleton className="h-9 w-64" />
      </div>
      <Skeleton className="flex-1 rounded-none" />
    </Loading>
  );
}
