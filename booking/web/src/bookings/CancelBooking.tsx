import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { Booking, RefundQuote } from "../api/types";
import { currentLanguage } from "../languages/current";
import { placeText } from "../seats/place";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { toast } from "../ui/Toast";
import { sumText } from "../ui/money";
import { Loading, Skeleton } from "../ui/states";
import { cancelBooking, refundQuoteQuery } from "./api";
import { liveTickets } from "./change";
import { useChanged } from "./useChanged";
import { say } from "./words";

interface Props {
  booking: Booking;
  onDone: () => void;
}

/** Giving back shows what comes back before anything happens; of several tickets some may be kept. */
export function CancelBooking({ booking, onDone }: Props) {
  const live = liveTickets(booking).map(({ code }) => code);
  const [codes, setCodes] = useState<readonly string[]>(live);
  const tickets = codes.length === live.length ? null : codes;
  const isPart = tickets !== null;
  const changed = useChanged();
  const quote = useQuery({ ...refundQuoteQuery(booking.id, tickets), enabled: live.length === 0 || codes.length > 0 });
  const cancel = useMutation({
    mutationFn: () => cancelBooking(booking.id, tickets),
    onSuccess: (after) => {
      changed(after);
      toast("good", isPart ? say("doneSome", { count: codes.length }) : say("done"));
      onDone();
    },
  });
  const toggle = (code: string) =>
    setCodes(live.filter((each) => (each === code ? !codes.includes(code) : codes.includes(each))));
  return (
    <div className="grid gap-4">
      {live.length > 1 && <TicketChoice booking={booking} codes={codes} onToggle={toggle} />}
      {live.length > 1 && codes.length === 0 ? (
        <p className="text-soft">{say("chooseOne")}</p>
      ) : quote.isError ? (
        <Notice tone="bad" title={say("noQuote")}>
          {asProblem(quote.error).message}
        </Notice>
      ) : quote.isPending ? (
        <Loading what={say("theRefund")}>
          <Skeleton className="h-20" />
        </Loading>
      ) : (
        <>
          <WhatComesBack booking={booking} quote={quote.data} isPart={isPart} />
          <p className="text-sm">{say("codesStop", { count: Math.max(1, codes.length) })}</p>
          {cancel.isError && (
            <Notice tone="bad" title={say("notCancelled")}>
              {asProblem(cancel.error).message}
            </Notice>
          )}
          <div className="grid gap-2 sm:grid-cols-2">
            <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
              {isPart ? say("giveSomeBack", { count: codes.length }) : say("cancel")}
            </Button>
            <Button look="strong" onClick={onDone}>
              {say("keep")}
            </Button>
          </div>
        </>
      )}
    </div>
  );
}

function TicketChoice(props: { booking: Booking; codes: readonly string[]; onToggle: (code: string) => void }) {
  const { booking, codes, onToggle } = props;
  return (
    <fieldset className="grid gap-1">
      <legend className="mb-1 text-sm font-semibold">{say("chooseTickets")}</legend>
      {liveTickets(booking).map(({ code, ticket_code, seat }) => (
        <label key={code} className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="size-5 shrink-0 accent-(--flare-ink)"
            checked={codes.includes(code)}
            onChange={() => onToggle(code)}
          />
          <span className="flex-1">{placeText(seat)}</span>
          <span className="font-mono text-xs text-soft">{ticket_code}</span>
        </label>
      ))}
    </fieldset>
  );
}

function WhatComesBack({ booking, quote, isPart }: { booking: Booking; quote: RefundQuote; isPart: boolean }) {
  return (
    <p>
      <span className="text-soft">{say("youGet")}</span>
      <span className="poster figures block text-3xl">{sumText(quote.refund_minor, quote.currency)}</span>
      <span className="text-soft">
        {!isPart && say("ofSum", { sum: sumText(booking.total_minor, booking.currency) })}
        {isTold(quote, booking) && (isPart ? quote.reason : `. ${quote.reason}`)}
      </span>
    </p>
  );
}

/** Why less comes back than was paid: the server says it, in English. */
const isTold = (quote: RefundQuote, booking: Booking): boolean =>
  currentLanguage() === "en" && quote.refund_minor < booking.total_minor && quote.reason !== "";
