import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { Booking } from "../api/types";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { toast } from "../ui/Toast";
import { sumText } from "../ui/money";
import { Loading, Skeleton } from "../ui/states";
import { bookingQuery, cancelBooking, refundQuoteQuery } from "./api";

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
      toast("good", "The booking is cancelled.");
    },
  });
  return (
    <section className="flex flex-wrap items-center justify-between gap-4 border-t border-line pt-6">
      <p className="text-soft">Plans changed?</p>
      <Button look="danger" onClick={() => setOpen(true)}>
        Cancel booking
      </Button>
      <Dialog open={isOpen} title="Cancel this booking?" onClose={() => setOpen(false)}>
        {quote.isPending ? (
          <Loading what="the refund">
            <Skeleton className="h-20" />
          </Loading>
        ) : quote.isError ? (
          <Notice tone="bad" title="We couldn't work out the refund">
            {asProblem(quote.error).message}
          </Notice>
        ) : (
          <div className="grid gap-4">
            <p>
              <span className="text-soft">You get back</span>
              <span className="poster figures block text-3xl">
                {sumText(quote.data.refund_minor, quote.data.currency)}
              </span>
              <span className="text-soft">
                of {sumText(booking.total_minor, booking.currency)}
                {quote.data.reason && `. ${quote.data.reason}`}
              </span>
            </p>
            <p className="text-sm">
              All {booking.tickets.length === 1 ? "codes" : `${booking.tickets.length} codes`} stop working and the
              seats go back on sale. This can't be undone.
            </p>
            {cancel.isError && (
              <Notice tone="bad" title="Not cancelled">
                {asProblem(cancel.error).message}
              </Notice>
            )}
            <div className="grid gap-2 sm:grid-cols-2">
              <Button look="danger" busy={cancel.isPending} onClick={() => cancel.mutate()}>
                Cancel booking
              </Button>
              <Button look="strong" onClick={() => setOpen(false)}>
                Keep it
              </Button>
            </div>
          </div>
        )}
      </Dialog>
    </section>
  );
}
