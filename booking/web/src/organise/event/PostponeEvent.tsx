import { useQuery } from "@tanstack/react-query";
import type { EventDetail } from "../../api/types";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Field, TextArea } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem, useForm } from "../../users/form";
import { postponeEvent, statsQuery } from "../api";
import { venueLocal } from "../local";
import { useEventChanged } from "./EventActs";

/** Gives an event on sale another date, after saying what its ticket holders may do then. */
export function PostponeEvent({ event, open, onClose }: { event: EventDetail; open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title={`Postpone ${event.name}`} onClose={onClose}>
      <PostponeForm event={event} onDone={onClose} />
    </Dialog>
  );
}

function PostponeForm({ event, onDone }: { event: EventDetail; onDone: () => void }) {
  const changed = useEventChanged(event.id);
  const { data } = useQuery(statsQuery(event.id));
  const zone = event.venue_details.time_zone;
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const [reason, until] = [value("reason").trim(), value("refund_until")];
    await postponeEvent(event.id, {
      event_date: value("event_date"),
      ...(reason === "" ? {} : { reason }),
      ...(until === "" ? {} : { refund_until: until }),
    });
    toast("good", "Postponed. Ticket holders are being told.");
    changed();
    onDone();
  });
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      {data && data.sold > 0 && (
        <Notice tone="warn" title={`${data.sold.toLocaleString()} tickets are sold`}>
          Each holder gets a mail. Tickets stay good; who can’t come then may cancel and gets everything back.
        </Notice>
      )}
      <Field
        label="New start"
        name="event_date"
        type="datetime-local"
        required
        defaultValue={venueLocal(event.event_date, zone)}
        hint={`By the venue’s clock (${zone.replaceAll("_", " ")}). Further dates keep their distance.`}
        error={errorOf("event_date")}
      />
      <TextArea
        label="Why"
        name="reason"
        rows={2}
        maxLength={1000}
        hint="Stands in the mail to ticket holders."
        error={errorOf("reason")}
      />
      <Field
        label="Full refunds until"
        name="refund_until"
        type="datetime-local"
        hint="Empty: for 14 days, at the latest until the new start."
        error={errorOf("refund_until")}
      />
      <div className="grid gap-2 sm:grid-cols-2">
        <Button look="danger" type="submit" busy={isBusy}>
          Postpone it
        </Button>
        <Button look="strong" onClick={onDone}>
          Keep the date
        </Button>
      </div>
    </form>
  );
}
