import type { EventDetail, Session } from "../../api/types";
import { Card } from "../../ui/Card";
import { priceText } from "../../ui/money";
import { timeText } from "../../ui/time";
import { ShareBars } from "../charts/ShareBars";

/** The event's dates, and what each sells. */
export function Dates({ event }: { event: EventDetail }) {
  return (
    <section aria-labelledby="dates">
      <h2 id="dates" className="heading mb-4 text-2xl">
        {event.sessions.length > 1 ? "Dates and tickets" : "Tickets"}
      </h2>
      <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
        {event.sessions.map((session) => (
          <li key={session.id}>
            <DateCard session={session} currency={event.currency} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DateCard({ session, currency }: { session: Session; currency: string }) {
  return (
    <Card className="grid gap-4 p-5">
      <h3 className="font-bold">
        {timeText(session.starts_at, "both", session.time_zone)}
        {session.room_name && <span className="font-normal text-soft"> · {session.room_name}</span>}
      </h3>
      <ShareBars
        bars={session.ticket_types.map((type) => ({
          key: type.id,
          label: (
            <span className="inline-flex items-center gap-2">
              <span aria-hidden="true" className="size-3 rounded-xs" style={{ background: type.colour }} />
              {type.name} · {priceText(type.price_minor, currency)}
            </span>
          ),
          figure: `${(type.total - type.remaining).toLocaleString()} gone of ${type.total.toLocaleString()}`,
          parts: [{ label: "gone", value: type.total - type.remaining, className: "bg-flare" }],
          whole: type.total,
        }))}
      />
    </Card>
  );
}
