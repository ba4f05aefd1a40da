import { Link } from "@tanstack/react-router";
import type { Booking, BookingTicket } from "../api/types";
import { to } from "../paths";
import { seatNumber } from "../seats/place";
import { buttonClass } from "../ui/Button";
import { Badge } from "../ui/Card";
import { DownloadButton } from "../ui/DownloadButton";
import { Icon } from "../ui/Icon";
import { say } from "./words";

/** A ticket as a paper ticket: seat on the left, a perforation, what to do with it on the right. */
export function TicketStub({ booking, ticket }: { booking: Booking; ticket: BookingTicket }) {
  const isDead =
    ticket.status === "cancelled" ||
    ticket.status === "transferred" ||
    booking.status === "cancelled" ||
    booking.status === "refunded";
  const { seat } = ticket;
  return (
    <div className={`rounded-lg border border-line bg-card sm:flex ${isDead ? "opacity-60" : ""}`}>
      <dl className="flex flex-1 flex-wrap items-end gap-x-8 gap-y-3 p-5">
        {seat?.label ? (
          <>
            <Part label={say("section")} value={seat.section} />
            <Part label={say("row")} value={seat.row} />
            <Part label={say("seat")} value={seatNumber(seat.row, seat.label)} />
          </>
        ) : (
          <Part label={say("entry")} value={standingName(booking)} />
        )}
        <div className="ms-auto text-end max-sm:w-full max-sm:text-start">
          <dt className="sr-only">{say("code")}</dt>
          <dd className="font-mono text-sm text-soft">{ticket.ticket_code}</dd>
        </div>
      </dl>
      <div className="flex items-center gap-2 border-line p-4 max-sm:border-t-2 max-sm:border-dashed sm:border-s-2 sm:border-dashed">
        {isDead ? (
          <Badge>{say("dead")}</Badge>
        ) : (
          <>
            <Link {...to.ticket(ticket.code)} className={buttonClass("strong", "normal", "flex-1")}>
              <Icon name="scan" /> {say("showCode")}
            </Link>
            <DownloadButton
              address={ticket.pdf_url}
              fileName={`${ticket.ticket_code}.pdf`}
              icon="download"
              text="PDF"
            />
          </>
        )}
      </div>
    </div>
  );
}

/** Tickets without a seat are named by their type, when the booking has but one. */
function standingName(booking: Booking): string {
  const names = new Set(booking.seats.filter((seat) => !seat.label).map((seat) => seat.ticket_type));
  const [name] = names;
  return names.size === 1 && name ? name : say("standing");
}

function Part({ label, value }: { label: string; value: string | null | undefined }) {
  if (!value) return null;
  return (
    <div>
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster text-[1.7rem] leading-none">{value}</dd>
    </div>
  );
}
