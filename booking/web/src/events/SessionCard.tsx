import { Link } from "@tanstack/react-router";
import { JoinLine } from "../admission/JoinLine";
import { isAdmitted } from "../admission/tokens";
import type { EventDetail, Session } from "../api/types";
import { mostOf } from "../seats/limit";
import { numberText } from "../languages/speak";
import { to } from "../paths";
import { buttonClass } from "../ui/Button";
import { Card, Notice } from "../ui/Card";
import { Icon } from "../ui/Icon";
import { useNow } from "../ui/clock";
import { timeText } from "../ui/time";
import { PriceTiers } from "./PriceTiers";
import { sessionCalendar } from "./api";
import { WaitingList } from "../waitlist/WaitingList";
import { say as waitlist } from "../waitlist/words";
import { isOnSale, saleState } from "./sale";
import { say } from "./words";

/** One performance: when, what it costs, what is left, and the way to its tickets. */
export function SessionCard({ event, session }: { event: EventDetail; session: Session }) {
  const now = useNow();
  const isSelling = isOnSale(saleState(event, now)) && Date.parse(session.starts_at) > now;
  return (
    <Card className="overflow-hidden">
      <div className="flex items-start justify-between gap-4 px-5 pt-4.5">
        <div>
          <h3 className="text-lg font-bold">{timeText(session.starts_at, "both", session.time_zone)}</h3>
          <p className="text-sm text-soft">
            {[session.room_name, session.seated ? say("chooseSeats") : say("standing")].filter(Boolean).join(" · ")}
          </p>
          <a
            href={sessionCalendar(session.id)}
            download
            className="mt-1 inline-flex min-h-9 items-center gap-1.5 text-sm font-semibold underline-offset-4 hover:underline"
          >
            <Icon name="calendar" /> {say("addToCalendar")}
          </a>
        </div>
        <p className="text-end text-sm whitespace-nowrap">
          <span className="figures block text-lg font-bold">{numberText(session.remaining_tickets)}</span>
          <span className="text-soft">{say("left")}</span>
        </p>
      </div>
      <div className="grid gap-3 px-5 py-3">
        <Postponed session={session} />
        <PriceTiers types={session.ticket_types} currency={event.currency} />
      </div>
      {isSelling && (
        <div className="border-t-2 border-dashed border-line p-4">
          <BuyLink event={event} session={session} now={now} />
        </div>
      )}
      {isWaitedFor(event, session, now) && (
        <section aria-label={waitlist("title")} className="border-t-2 border-dashed border-line p-4">
          <WaitingList session={session.id} here={`/events/${event.id}`} most={mostOf(event.per_person_limit)} />
        </section>
      )}
    </Card>
  );
}

/** A new date, what it was, and until when tickets can be given back for it. */
function Postponed({ session }: { session: Session }) {
  const { postponed_from: before, refund_until: until, time_zone: zone } = session;
  if (!before) return null;
  const words = { before: timeText(before, "both", zone), until: timeText(until ?? session.starts_at, "both", zone) };
  return (
    <Notice tone="warn" title={say("postponed")}>
      {say("postponedText", words)}
    </Notice>
  );
}

/** Is there nothing to buy, or do others wait already for what comes back? */
function isWaitedFor(event: EventDetail, session: Session, now: number): boolean {
  const state = saleState(event, now);
  const isSold = isOnSale(state) || state === "sold-out";
  return isSold && Date.parse(session.starts_at) > now && (session.remaining_tickets <= 0 || session.waiting_list);
}

/** To the line, or straight to the seats for those who have been admitted. */
function BuyLink({ event, session, now }: { event: EventDetail; session: Session; now: number }) {
  if (session.remaining_tickets <= 0) {
    return <p className="text-center font-semibold text-soft">{say("soldOut")}</p>;
  }
  if (event.room && !isAdmitted(event.room, now)) {
    return (
      <JoinLine room={event.room} className={buttonClass("primary", "large", "w-full")}>
        {say("joinLine")}
        <Icon name="arrow" className="rtl:rotate-180" />
      </JoinLine>
    );
  }
  return (
    <Link {...to.session(session.id)} className={buttonClass("primary", "large", "w-full")}>
      {session.seated ? say("pickSeats") : say("getTickets")}
      <Icon name="arrow" className="rtl:rotate-180" />
    </Link>
  );
}
