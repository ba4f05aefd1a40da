import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { serverNow } from "../api/clock";
import type { Ticket, TicketStatus } from "../api/types";
import { calendarAddress } from "../bookings/api";
import { EventArt } from "../events/EventArt";
import { to } from "../paths";
import { placeText } from "../seats/place";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Badge, type Tone } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { DownloadButton } from "../ui/DownloadButton";
import { Icon } from "../ui/Icon";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { QrCode } from "./QrCode";
import { RsvpForm } from "./RsvpForm";
import { TransferTicket } from "./TransferTicket";
import { ticketQuery } from "./api";
import { installWallet, keptTicket } from "./kept";
import { useAwakeScreen } from "./useAwakeScreen";
import { say } from "./words";

const tones: Record<TicketStatus, Tone> = { valid: "good", used: "plain", cancelled: "bad", transferred: "warn" };

/** One ticket, to be shown at the door. */
export function TicketPage() {
  const { code } = useParams({ from: "/tickets/$code" });
  const ticket = useQuery(ticketQuery(code));
  useEffect(installWallet, []);
  useTitle(ticket.data && say("title", { event: ticket.data.event.name }));
  return (
    <div className="page max-w-md py-6 sm:py-10">
      {ticket.isPending ? (
        <Loading what={say("theTicket")}>
          <Skeleton className="h-[34rem]" />
        </Loading>
      ) : ticket.isError ? (
        <ErrorState level={1} error={ticket.error} onRetry={() => void ticket.refetch()} />
      ) : (
        <TicketView ticket={ticket.data} />
      )}
    </div>
  );
}

function TicketView({ ticket }: { ticket: Ticket }) {
  const [isFull, setFull] = useState(false);
  useAwakeScreen(isFull);
  const place = ticket.seat?.label ? placeText(ticket.seat) : (ticket.ticket_type ?? say("standing"));
  const qr = ticket.status === "valid" || ticket.status === "used" ? ticket.qr_svg : null;
  return (
    <article>
      <Link
        {...to.booking(ticket.booking_id)}
        className="mb-3 inline-flex min-h-11 items-center gap-2 text-sm font-semibold hover:underline"
      >
        <Icon name="back" className="rtl:rotate-180" /> {say("allOfBooking")}
      </Link>
      <div className="overflow-hidden rounded-xl border border-line bg-card">
        <EventArt event={ticket.event} className="h-36 w-full" />
        <div className="grid gap-5 p-5 sm:p-6">
          <div className="flex items-start justify-between gap-3">
            <h1 className="poster text-2xl">{ticket.event.name}</h1>
            <Badge tone={tones[ticket.status]}>{say(ticket.status)}</Badge>
          </div>
          <dl className="grid grid-cols-2 gap-4">
            <Part label={say("when")} value={timeText(ticket.session.starts_at, "both", ticket.session.time_zone)} />
            <Part label={say("where")} value={ticket.event.venue ?? null} />
            <Part label={ticket.seat?.label ? say("seat") : say("entry")} value={place} />
            <Part label={say("name")} value={ticket.holder_name} />
          </dl>
        </div>
        <div className="border-t-2 border-dashed border-line p-5 sm:p-6">
          {qr ? (
            <button
              type="button"
              onClick={() => setFull(true)}
              className="mx-auto block rounded-lg bg-white p-3"
              aria-label={say("showFull")}
            >
              <QrCode svg={qr} className="size-56" />
            </button>
          ) : (
            <p className="py-8 text-center text-soft">{say("dead")}</p>
          )}
          <p className="mt-3 text-center font-mono text-sm text-soft">{ticket.ticket_code}</p>
        </div>
      </div>
      {qr && <Actions ticket={ticket} onFull={() => setFull(true)} />}
      {qr && (
        <Dialog open={isFull} full title={ticket.event.name} onClose={() => setFull(false)}>
          <div className="-mx-5 -mb-5 grid flex-1 place-content-center justify-items-center gap-5 bg-white p-4 text-black">
            <QrCode svg={qr} className="size-[min(88vw,70dvh)]" />
            <p className="text-center text-lg font-bold">{place}</p>
            <p className="text-center text-sm">{"wakeLock" in navigator ? say("awake") : say("bright")}</p>
          </div>
        </Dialog>
      )}
    </article>
  );
}

function Actions({ ticket, onFull }: { ticket: Ticket; onFull: () => void }) {
  return (
    <div className="mt-5 grid gap-3">
      <Button size="large" onClick={onFull}>
        <Icon name="expand" /> {say("fullScreen")}
      </Button>
      <div className="grid grid-cols-2 gap-3">
        <DownloadButton address={ticket.pdf_url} fileName={`${ticket.ticket_code}.pdf`} icon="download" text="PDF" />
        <DownloadButton
          address={ticket.ics_url || calendarAddress(ticket.booking_id)}
          fileName={`${ticket.ticket_code}.ics`}
          icon="calendar"
          text={say("calendar")}
        />
      </div>
      {ticket.status === "valid" && <TransferTicket ticket={ticket} />}
      {ticket.status === "valid" && Date.parse(ticket.session.starts_at) > serverNow() && <RsvpForm ticket={ticket} />}
      {keptTicket(ticket.code) && (
        <p className="mx-auto flex w-fit items-start gap-2 text-sm text-balance text-soft">
          <Icon name="check" className="mt-0.5 shrink-0 text-good" /> {say("keptHere")}
        </p>
      )}
    </div>
  );
}

function Part({ label, value }: { label: string; value: string | null }) {
  if (!value) return null;
  return (
    <div>
      <dt className="caption text-soft">{label}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  );
}
