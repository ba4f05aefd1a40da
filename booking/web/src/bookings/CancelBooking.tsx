import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { Booking, RefundQuote } from "../api/types";
import { currentLanguage } from "../languages/current";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/Toast";
import { sumText } from "../ui/money";
import { Loading, Skeleton } from "../ui/states";
import { bookingQuery, cancelBooking, refundQuoteQuery } from "./api";
import { say } from "./words";

/** Cancelling shows what comes back before anything happens. */
export function CancelBooking({ booking }: { booking: Booking }) {
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const quote = useQuery({ ...refundQuoteQuery(booking.id), enabled: isOpen });
  const cancel = useMutation({
    mutationFn: () => cancelBooking(booking.id),
    onSuccess: (cancelled) => {
      client.setQueryData(bookingQuery(booking.id).queryKey, cancelled);
      void client.invalidateQueries({ queryKey: ["bookings"] });
      setOpen(false);
      toast("good", say("done"));
    },
  });
  return (
    <section className="flex flex-wrap items-center justify-between gap-4 border-t border-line pt-6">
      <p className="text-soft">{say("plansChanged")}</p>
      <Button look="danger" onClick={() => setOpen(true)}>
        {say("cancel")}
      </Button>
      <Dialog open={isOpen} title={say("cancelAsk")} onClose={() => setOpen(false)}>
        {quote.isPending ? (
          <Loading what={say("theRefund")}>
            <Skeleton className="h-20" />
          </Loading>
        ) : quote.isError ? (
          <Notice tone="bad" title={say("noQuote")}>
            {asProblem(quote.error).message}
          </Notice>
        ) : (
          <div className="grid gap-4">
            <p>
              <span className="text-soft">{say("youGet")}</span>
              <span className="poster figures block text-3xl">
                {sumText(quote.data.refund_minor, quote.data.currency)}
              </span>
              <span className="text-soft">
                {say("ofSum", { sum: sumText(booking.total_minor, booking.currency) })}
                {isTold(quote.data, booking) && `. ${quote.data.reason}`}
              </span>
            </p>
            <p className="text-sm">{say("codesStop", { count: booking.tickets.length })}</p>
            {cancel.isError && (
              <Notice tone="bad" title={say("notCancelled")}>
                {asProblem(cancel.error).message}
              </Notice>
            )}
            <div className="grid gap-2 sm:grid-cols-2">
              <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
                {say("cancel")}
              </Button>
              <Button look="strong" onClick={() => setOpen(false)}>
                {say("keep")}
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </section>
  );
}

/** Why less comes back than was paid: the server says it, in English. */
const isTold = (quote: RefundQuote, booking: Booking): boolean =>
  currentLanguage() === "en" && quote.refund_minor < booking.total_minor && quote.reason !== "";
