import { useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { serverNow } from "../api/clock";
import type { Booking } from "../api/types";
import { EventArt } from "../events/EventArt";
import { FeedbackForm } from "../feedback/FeedbackForm";
import { linesOf } from "../payments/OrderSummary";
import { PriceParts } from "../payments/PriceParts";
import { say as checkout } from "../payments/words";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { buttonClass } from "../ui/Button";
import { Badge, Card, Notice } from "../ui/Card";
import { DownloadButton } from "../ui/DownloadButton";
import { Icon } from "../ui/Icon";
import { Steps } from "../ui/Steps";
import { sumText } from "../ui/money";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText, zoneNote } from "../ui/time";
import { ManageBooking } from "./ManageBooking";
import { TicketStub } from "./TicketStub";
import { bookingQuery, calendarAddress, ticketsAddress } from "./api";
import { liveTickets } from "./change";
import { statusOf } from "./status";
import { say } from "./words";

/** One booking: right after paying it is the confirmation, later the place where its tickets are kept. */
export function BookingPage() {
  const { bookingId } = useParams({ from: "/bookings/$bookingId" });
  const { fresh } = useSearch({ from: "/bookings/$bookingId" });
  const booking = useQuery(bookingQuery(bookingId));
  useTitle(booking.data && say("title", { reference: booking.data.reference }));
  return (
    <div className="page max-w-4xl py-6 sm:py-10">
      {booking.isPending ? (
        <Loading what={say("theBooking")} className="grid gap-4">
          <Skeleton className="h-24" />
          <Skeleton className="h-48" />
          <Skeleton className="h-48" />
        </Loading>
      ) : booking.isError ? (
        <ErrorState level={1} error={booking.error} onRetry={() => void booking.refetch()} />
      ) : (
        <BookingView booking={booking.data} isFresh={fresh === true} />
      )}
    </div>
  );
}

function BookingView({ booking, isFresh }: { booking: Booking; isFresh: boolean }) {
  const isAlive = booking.status === "confirmed" || booking.status === "completed";
  return (
    <div className="grid gap-8">
      {isFresh && isAlive ? <Confirmation booking={booking} /> : <BookingHead booking={booking} isFresh={isFresh} />}
      <StatusNotice booking={booking} isFresh={isFresh} />
      {booking.tickets.length > 0 && (
        <section aria-labelledby="tickets">
          <div className="mb-4 flex flex-wrap items-center justify-between gap-3">
            <h2 id="tickets" className="heading text-2xl">
              {say("yourTickets", { count: liveTickets(booking).length || booking.tickets.length })}
            </h2>
            {isAlive && (
              <div className="flex flex-wrap gap-2">
                {booking.tickets.length > 1 && (
                  <DownloadButton
                    address={ticketsAddress(booking.id)}
                    fileName={`${booking.reference}.pdf`}
                    icon="download"
                    text={say("allAsPdf")}
                  />
                )}
                <DownloadButton
                  address={calendarAddress(booking.id)}
                  fileName={`${booking.reference}.ics`}
                  icon="calendar"
                  text={say("addToCalendar")}
                />
              </div>
            )}
          </div>
          <ul className="grid gap-4">
            {booking.tickets.map((ticket) => (
              <li key={ticket.code}>
                <TicketStub booking={booking} ticket={ticket} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {wasThere(booking) && <FeedbackForm event={booking.event.id} />}
      <Receipt booking={booking} />
      {booking.status === "confirmed" && <ManageBooking booking={booking} />}
    </div>
  );
}

/** No show is over sooner; the server knows when this one was. */
const shortestShowMs = 3_600_000;

const wasThere = ({ status, session }: Booking): boolean =>
  status === "completed" || (status === "confirmed" && Date.parse(session.starts_at) + shortestShowMs < serverNow());

function Confirmation({ booking }: { booking: Booking }) {
  return (
    <div className="grid gap-6">
      <div className="max-w-md">
        <Steps steps={[checkout("choose"), checkout("pay"), checkout("ticket")]} current={2} />
      </div>
      <div className="relative overflow-hidden rounded-xl">
        <EventArt event={booking.event} className="absolute inset-0 size-full" />
        <div className="relative m-3 mt-28 rounded-lg bg-card p-5 sm:m-5 sm:mt-36 sm:max-w-lg sm:p-7">
          <p className="flex items-center gap-2 font-bold text-good">
            <Icon name="check" /> {say("paid")}
          </p>
          <h1 className="poster mt-2 text-3xl">{say("seeYou", { event: booking.event.name })}</h1>
          <p className="mt-3">{whenAndWhere(booking)}</p>
          <p className="mt-1 text-soft">
            {say.rich("sent", { reference: <strong className="figures text-ink">{booking.reference}</strong> })}
          </p>
        </div>
      </div>
    </div>
  );
}

function BookingHead({ booking, isFresh }: { booking: Booking; isFresh: boolean }) {
  const isConfirming = isFresh && booking.status === "pending";
  const status = isConfirming ? ({ text: say("confirming"), tone: "info" } as const) : statusOf(booking.status);
  return (
    <div>
      <Link
        {...to.bookings()}
        className="mb-4 inline-flex min-h-11 items-center gap-2 text-sm font-semibold hover:underline"
      >
        <Icon name="back" className="rtl:rotate-180" /> {say("myTickets")}
      </Link>
      <div className="flex flex-wrap items-start justify-between gap-4">
        <div>
          <h1 className="poster text-3xl">{booking.event.name}</h1>
          <p className="mt-2 text-lg">{whenAndWhere(booking)}</p>
        </div>
        <div className="grid gap-2 sm:justify-items-end">
          <Badge tone={status.tone}>{status.text}</Badge>
          <span className="figures text-sm text-soft">{booking.reference}</span>
        </div>
      </div>
    </div>
  );
}

function whenAndWhere({ event, session }: Booking): string {
  const zone = zoneNote(session.starts_at, session.time_zone);
  const when = timeText(session.starts_at, "both", session.time_zone) + (zone ? ` (${zone})` : "");
  return [when, event.venue].filter(Boolean).join(" · ");
}

function StatusNotice({ booking, isFresh }: { booking: Booking; isFresh: boolean }) {
  const { status, refund_minor: refund, currency } = booking;
  if (status === "pending" && isFresh) {
    return (
      <Notice tone="info" title={say("bankConfirms")}>
        {say("bankConfirmsText")}
      </Notice>
    );
  }
  if (status === "pending") {
    return (
      <Notice tone="warn" title={say("notPaid")}>
        <Link {...to.checkout(booking.id)} className={buttonClass("strong", "small", "mt-2")}>
          {say("checkout")}
        </Link>
      </Notice>
    );
  }
  if (status === "expired")
    return (
      <Notice tone="plain" title={say("ranOut")}>
        {say("nothingCharged")}
      </Notice>
    );
  if (status === "cancelled" || status === "refunded") {
    return (
      <Notice tone="plain" title={say("isCancelled")}>
        {refund ? say("goesBack", { sum: sumText(refund, currency) }) : say("noRefund")}
      </Notice>
    );
  }
  return null;
}

function Receipt({ booking }: { booking: Booking }) {
  const { currency, payment } = booking;
  return (
    <section aria-labelledby="receipt">
      <h2 id="receipt" className="heading mb-4 text-xl">
        {say("receipt")}
      </h2>
      <Card className="p-5">
        <ul className="grid gap-2">
          {linesOf(booking).map((line) => (
            <li key={line.key} className="flex justify-between gap-4">
              <span className={line.isBack ? "text-soft line-through" : ""}>{line.text}</span>
              <span className={`figures ${line.isBack ? "text-soft line-through" : ""}`}>
                {sumText(line.sum, currency)}
              </span>
            </li>
          ))}
        </ul>
        <div className="mt-3 grid gap-2 border-t border-line pt-3">
          <PriceParts price={booking} currency={currency} />
          <p className="flex justify-between gap-4 font-bold">
            <span>{say("total")}</span>
            <span className="figures">{sumText(booking.total_minor, currency)}</span>
          </p>
          {booking.refund_minor > 0 && (
            <p className="flex justify-between gap-4">
              <span>{say("paidBack")}</span>
              <span className="figures">{sumText(-booking.refund_minor, currency)}</span>
            </p>
          )}
        </div>
        <p className="mt-2 flex flex-wrap gap-x-4 text-sm break-all text-soft">
          <span>{say("booked", { time: timeText(booking.created_at, "short") })}</span>
          {payment?.transactionId && <span>{say("payment", { id: payment.transactionId })}</span>}
        </p>
      </Card>
    </section>
  );
}
