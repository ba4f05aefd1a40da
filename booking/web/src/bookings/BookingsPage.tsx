import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Booking } from "../api/types";
import { EventArt } from "../events/EventArt";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { Badge } from "../ui/Card";
import { Icon } from "../ui/Icon";
import { useNow } from "../ui/clock";
import { sumText } from "../ui/money";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { bookingsQuery } from "./api";
import { statusOf } from "./status";
import { say } from "./words";

/** A night goes on after its start: bookings stay under "coming up" this long. */
const runsMs = 6 * 3_600_000;

export function BookingsPage() {
  useTitle(say("myTickets"));
  const bookings = useQuery(bookingsQuery());
  const now = useNow(60_000);
  const isAhead = (booking: Booking) =>
    (booking.status === "confirmed" || booking.status === "pending") &&
    Date.parse(booking.session.starts_at) + runsMs > now;
  return (
    <div className="page max-w-4xl py-8 sm:py-12">
      <h1 className="poster mb-6 text-3xl">{say("myTickets")}</h1>
      {bookings.isPending ? (
        <Loading what={say("theBookings")} className="grid gap-4">
          <Skeleton className="h-32" />
          <Skeleton className="h-32" />
        </Loading>
      ) : bookings.isError ? (
        <ErrorState error={bookings.error} onRetry={() => void bookings.refetch()} />
      ) : bookings.data.length === 0 ? (
        <EmptyState
          title={say("none")}
          action={
            <Link {...to.events()} className={buttonClass("primary")}>
              {say("findSomething")}
            </Link>
          }
        >
          {say("noneText")}
        </EmptyState>
      ) : (
        <>
          <Group title={say("comingUp")} bookings={bookings.data.filter(isAhead)} />
          <Group title={say("earlier")} bookings={bookings.data.filter((booking) => !isAhead(booking))} />
        </>
      )}
    </div>
  );
}

function Group({ title, bookings }: { title: string; bookings: Booking[] }) {
  if (bookings.length === 0) return null;
  return (
    <section className="mb-10">
      <h2 className="heading mb-4 text-xl">{title}</h2>
      <ul className="grid gap-4">
        {bookings.map((booking) => (
          <li key={booking.id}>
            <BookingRow booking={booking} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function BookingRow({ booking }: { booking: Booking }) {
  const status = statusOf(booking.status);
  const count = booking.seats.length || booking.tickets.length;
  return (
    <Link
      {...to.booking(booking.id)}
      className="group grid grid-cols-[5.5rem_1fr] overflow-hidden rounded-lg border border-line bg-card hover:border-control sm:grid-cols-[9rem_1fr_auto]"
    >
      <EventArt event={booking.event} className="size-full min-h-28" />
      <div className="grid content-center gap-1 px-4 py-4 sm:px-5">
        <span className="poster text-[1.5rem] leading-none group-hover:text-flare-ink">{booking.event.name}</span>
        <span className="text-sm text-soft">
          {timeText(booking.session.starts_at, "both", booking.session.time_zone)}
          {booking.event.venue && ` · ${booking.event.venue}`}
        </span>
        <span className="mt-1 flex flex-wrap items-center gap-2 text-sm">
          <Badge tone={status.tone}>{status.text}</Badge>
          {say("tickets", { count })} · {sumText(booking.total_minor, booking.currency)}
        </span>
      </div>
      <span className="hidden items-center border-s-2 border-dashed border-line px-5 sm:flex">
        <Icon name="arrow" className="rtl:rotate-180" />
      </span>
    </Link>
  );
}
