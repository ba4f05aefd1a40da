import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Attendee } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { majorText, sumText } from "../../ui/money";
import { FormProblem } from "../../users/form";
import { takeBack } from "../api";
import { amountOf } from "../amounts";

interface Props {
  event: number;
  currency: string;
  attendee: Attendee;
  onDone: () => void;
}

/** Cancels somebody's booking, past every deadline: says first what goes back, which may be less than was paid. */
export function TakeBack({ event, currency, attendee, onDone }: Props) {
  const { booking_id: booking, holder_name: name, tickets } = attendee;
  const most = attendee.total_minor - attendee.refund_minor;
  const [sum, setSum] = useState(majorText(most, currency));
  const [reason, setReason] = useState("");
  const client = useQueryClient();
  const refund = amountOf(sum, currency);
  const fault = refund === null || refund > most ? `An amount from 0 to ${majorText(most, currency)}.` : undefined;
  const cancel = useMutation({
    mutationFn: () => takeBack(event, booking, { refund_minor: refund, reason: reason.trim() || null }),
    onSuccess: (after) => {
      toast("good", `${after.reference} is cancelled. ${name} is told by mail.`);
      void client.invalidateQueries({ queryKey: ["organise"] });
      onDone();
    },
  });
  const problem = cancel.isError ? asProblem(cancel.error) : null;
  return (
    <div className="grid gap-5">
      <FormProblem problem={problem} />
      <p>
        <span className="text-soft">{name} gets back</span>
        <span className="poster figures block text-3xl">{refund === null ? "–" : sumText(refund, currency)}</span>
        <span className="text-soft">of {sumText(attendee.total_minor, currency)} that were paid</span>
      </p>
      <Field
        label={`Refund, ${currency}`}
        inputMode="decimal"
        value={sum}
        hint="All of it, unless you agreed on less. The event’s deadlines don’t matter here."
        error={fault ?? problem?.fields["refund_minor"]}
        onChange={(change) => setSum(change.target.value)}
      />
      <Field
        label="Why"
        value={reason}
        maxLength={200}
        hint="For the audit log. May be empty."
        error={problem?.fields["reason"]}
        onChange={(change) => setReason(change.target.value)}
      />
      <p className="text-sm">
        {tickets === 1
          ? "1 code stops working and its place goes"
          : `${tickets} codes stop working and their places go`}{" "}
        back on sale. This can’t be undone.
      </p>
      <div className="grid gap-2 sm:grid-cols-2">
        <Button look="danger" busy={cancel.isPending} disabled={fault !== undefined} onClick={() => cancel.mutate()}>
          Cancel the booking
        </Button>
        <Button look="strong" onClick={onDone}>
          Keep it
        </Button>
      </div>
    </div>
  );
}
