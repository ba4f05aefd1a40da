import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { EventDetail } from "../../api/types";
import { Ask } from "../../ui/Ask";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { sumText } from "../../ui/money";
import { actOnEvent, statsQuery } from "../api";
import { counted } from "../overview/rollup";
import { useEventChanged } from "./EventActs";

/** Calls an event off, after saying what that costs and whom it concerns. */
export function CancelEvent({ event, open, onClose }: { event: EventDetail; open: boolean; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const changed = useEventChanged(event.id);
  const cancel = useMutation({
    mutationFn: () => actOnEvent(event.id, "cancel"),
    onSuccess: () => {
      toast("good", "The event is cancelled. Refunds and mails are on their way.");
      changed();
    },
    onError: (error) => toast("bad", asProblem(error).message),
    onSettled: onClose,
  });
  const { data } = useQuery({ ...statsQuery(event.id), enabled: open });
  const hasSold = (data?.sold ?? 1) > 0;
  return (
    <Ask
      open={open}
      title={`Cancel ${event.name}?`}
      yes="Cancel the event"
      no="Keep it"
      busy={cancel.isPending}
      disabled={data === undefined || (hasSold && typed.trim() !== event.name)}
      onYes={() => cancel.mutate()}
      onClose={onClose}
    >
      <p>This can’t be undone. At once:</p>
      <ul className="grid list-disc gap-1 ps-5 text-ink">
        <li>the sale ends, and the event leaves the list;</li>
        {data === undefined ? (
          <li>every booking is refunded in full and every fan gets a mail.</li>
        ) : (
          <>
            <li>
              <strong className="figures">{counted(data.sold, "ticket")}</strong> in{" "}
              {counted(data.bookings - data.cancelled, "booking")} stop working, and their buyers get a mail;
            </li>
            <li>
              <strong className="figures">{sumText(data.revenue_minor, data.currency)}</strong> is paid back;
            </li>
            <li>{data.held.toLocaleString()} places in baskets are let go.</li>
          </>
        )}
      </ul>
      {hasSold && (
        <Field
          label={`Type “${event.name}” to go on`}
          value={typed}
          autoComplete="off"
          onChange={(change) => setTyped(change.target.value)}
        />
      )}
    </Ask>
  );
}
