import { useState } from "react";
import type { Booking } from "../api/types";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { CancelBooking } from "./CancelBooking";
import { NamesForm } from "./NamesForm";
import { SeatsForm, seatedTickets } from "./SeatsForm";
import { isChangeable } from "./change";
import { say } from "./words";

type Open = "names" | "seats" | "cancel" | null;

/** What can be done with a booking when plans change: other names, other seats, or giving tickets back. */
export function ManageBooking({ booking }: { booking: Booking }) {
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  // What came of it stands at the top of a page that is shorter now.
  const showOutcome = () => {
    close();
    window.scrollTo({ top: 0 });
  };
  const canChange = isChangeable(booking);
  return (
    <section aria-labelledby="manage" className="grid gap-4 border-t border-line pt-6">
      <h2 id="manage" className="heading text-xl">
        {say("plansChanged")}
      </h2>
      <div className="flex flex-wrap gap-3">
        {canChange && (
          <Button look="quiet" onClick={() => setOpen("names")}>
            {say("names")}
          </Button>
        )}
        {canChange && seatedTickets(booking).length > 0 && (
          <Button look="quiet" onClick={() => setOpen("seats")}>
            {say("otherSeats")}
          </Button>
        )}
        <Button look="danger" onClick={() => setOpen("cancel")}>
          {say(booking.tickets.length > 1 ? "giveBack" : "cancel")}
        </Button>
      </div>
      <Dialog open={open === "names"} title={say("names")} onClose={close}>
        <NamesForm booking={booking} onDone={close} />
      </Dialog>
      <Dialog open={open === "seats"} title={say("otherSeats")} onClose={close}>
        <SeatsForm booking={booking} onDone={close} />
      </Dialog>
      <Dialog
        open={open === "cancel"}
        title={say(booking.tickets.length > 1 ? "giveBackAsk" : "cancelAsk")}
        onClose={close}
      >
        <CancelBooking booking={booking} onDone={showOutcome} />
      </Dialog>
    </section>
  );
}
