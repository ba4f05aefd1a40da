import { useState } from "react";
import type { EventDetail, Session, TicketType } from "../../api/types";
import { Button } from "../../ui/Button";
import { Badge, Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { priceText } from "../../ui/money";
import { timeText } from "../../ui/time";
import { ShareLine } from "../charts/ShareBars";
import { NewTypeForm } from "./NewTypeForm";
import { TypeForm } from "./TypeForm";

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
            <DateCard event={event} session={session} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function DateCard({ event, session }: { event: EventDetail; session: Session }) {
  const [asked, setAsked] = useState<TicketType | "new" | null>(null);
  const close = () => setAsked(null);
  const isLive = event.status === "draft" || event.status === "published";
  return (
    <Card className="grid gap-4 p-5">
      <div>
        <h3 className="font-bold">
          {timeText(session.starts_at, "both", session.time_zone)}
          {session.room_name && <span className="font-normal text-soft"> · {session.room_name}</span>}
        </h3>
        {session.postponed_from && (
          <p className="text-sm text-soft">
            Postponed from {timeText(session.postponed_from, "both", session.time_zone)}
            {session.refund_until &&
              `; full refunds until ${timeText(session.refund_until, "both", session.time_zone)}`}
          </p>
        )}
      </div>
      {event.charges && <p className="text-sm text-soft">{event.charges.text}</p>}
      <ul className="grid gap-4">
        {session.ticket_types.map((type) => (
          <li key={type.id}>
            <TypeLine type={type} currency={event.currency} onChange={isLive ? () => setAsked(type) : null} />
          </li>
        ))}
      </ul>
      {isLive && (
        <Button look="quiet" size="small" className="justify-self-start" onClick={() => setAsked("new")}>
          <Icon name="plus" /> Another ticket type
        </Button>
      )}
      <Dialog open={asked === "new"} title="Another ticket type" onClose={close}>
        <NewTypeForm event={event} session={session} onDone={close} />
      </Dialog>
      <Dialog
        open={asked !== null && asked !== "new"}
        title={asked !== null && asked !== "new" ? `Change ${asked.name}` : ""}
        onClose={close}
      >
        {asked !== null && asked !== "new" && <TypeForm event={event} type={asked} onDone={close} />}
      </Dialog>
    </Card>
  );
}

interface LineProps {
  type: TicketType;
  currency: string;
  onChange: (() => void) | null;
}

/** A ticket type with what is gone of it. */
function TypeLine({ type, currency, onChange }: LineProps) {
  const gone = type.total - type.remaining;
  return (
    <>
      <div className="mb-1 flex flex-wrap items-center justify-between gap-x-4">
        <span className="inline-flex min-w-0 items-center gap-2 text-sm font-semibold">
          <span aria-hidden="true" className="size-3 shrink-0 rounded-xs" style={{ background: type.colour }} />
          {type.name} · {priceText(type.price_minor, currency)}
          {type.hidden && <Badge tone="info">Hidden</Badge>}
          {type.withdrawn && <Badge tone="warn">Off sale</Badge>}
        </span>
        <span className="figures flex items-center gap-1 text-sm text-soft">
          {gone.toLocaleString()} gone of {type.total.toLocaleString()}
          {onChange && (
            <Button look="plain" size="small" aria-label={`Change ${type.name}`} onClick={onChange}>
              <Icon name="edit" />
            </Button>
          )}
        </span>
      </div>
      <ShareLine parts={[{ label: "gone", value: gone, className: "bg-flare" }]} whole={type.total} />
    </>
  );
}
