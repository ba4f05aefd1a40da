import { Link } from "@tanstack/react-router";
import type { EventCard, EventStats } from "../../api/types";
import { to } from "../../paths";
import { Card } from "../../ui/Card";
import { timeText } from "../../ui/time";
import { type Bar, ShareBars } from "../charts/ShareBars";
import { goneOf, percentText, shareOf, typesOf } from "./rollup";

/** More kinds of tickets than this aren't shown. */
const mostTypes = 8;

/** How full the events are, what sells, and who has come in. */
export function EventShares({ events, stats }: { events: readonly EventCard[]; stats: readonly EventStats[] }) {
  const types = typesOf(stats);
  return (
    <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
      <Card className="p-5">
        <h2 className="heading mb-4 text-lg">Occupancy</h2>
        <ShareBars bars={events.map(occupancyOf)} />
      </Card>
      <div className="grid gap-4">
        <Card className="p-5">
          <h2 className="heading mb-4 text-lg">Sales by ticket type</h2>
          <TypeBars types={types.slice(0, mostTypes)} />
          {types.length > mostTypes && (
            <p className="mt-3 text-sm text-soft">
              The {mostTypes} that sold most, of {types.length}.
            </p>
          )}
        </Card>
        <CheckIns stats={stats} />
      </div>
    </div>
  );
}

function occupancyOf(event: EventCard): Bar {
  const gone = goneOf(event);
  return {
    key: event.id,
    label: (
      <Link {...to.organiseEvent(event.id)} className="hover:text-flare-ink hover:underline">
        {event.name}
        <span className="ms-2 font-normal text-soft">{timeText(event.event_date, "day", event.time_zone)}</span>
      </Link>
    ),
    figure: `${gone.toLocaleString()} of ${event.total_tickets.toLocaleString()} · ${percentText(shareOf(gone, event.total_tickets))}`,
    parts: [{ label: "sold or held", value: gone, className: "bg-flare" }],
    whole: event.total_tickets,
  };
}

/** Sold and held of each kind of ticket. */
export function TypeBars({ types }: { types: ReturnType<typeof typesOf> }) {
  const bars = types.map(({ name, sold, held, capacity }) => ({
    key: name,
    label: name,
    figure: `${sold.toLocaleString()} sold of ${capacity.toLocaleString()}`,
    parts: [
      { label: "sold", value: sold, className: "bg-flare" },
      { label: "held", value: held, className: "bg-held" },
    ],
    whole: capacity,
  }));
  return <ShareBars bars={bars} />;
}

function CheckIns({ stats }: { stats: readonly EventStats[] }) {
  const sum = (of: (each: EventStats) => number) => stats.reduce((total, each) => total + of(each), 0);
  const [sold, inside] = [sum((each) => each.sold), sum((each) => each.checked_in)];
  return (
    <Card className="p-5">
      <h2 className="heading mb-4 text-lg">Check-ins</h2>
      <ShareBars
        bars={[
          {
            key: "all",
            label: "Through the gate",
            figure: `${inside.toLocaleString()} of ${sold.toLocaleString()} tickets`,
            parts: [{ label: "checked in", value: inside, className: "bg-good" }],
            whole: sold,
          },
        ]}
      />
    </Card>
  );
}
