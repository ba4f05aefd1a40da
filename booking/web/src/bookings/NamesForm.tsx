import { useQueries } from "@tanstack/react-query";
import type { Booking, Ticket } from "../api/types";
import { placeText } from "../seats/place";
import { ticketQuery } from "../tickets/api";
import { Button } from "../ui/Button";
import { Field } from "../ui/Field";
import { toast } from "../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { FormProblem, useForm } from "../users/form";
import { changeBooking } from "./api";
import { changedNames, liveTickets } from "./change";
import { useChanged } from "./useChanged";
import { say } from "./words";

interface Props {
  booking: Booking;
  onDone: () => void;
}

/** Who comes: a name for each ticket. */
export function NamesForm({ booking, onDone }: Props) {
  const tickets = useQueries({ queries: liveTickets(booking).map(({ code }) => ticketQuery(code)) });
  const failed = tickets.find(({ isError }) => isError);
  if (failed) return <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />;
  const loaded = tickets.flatMap(({ data }) => data ?? []);
  if (loaded.length < tickets.length) {
    return (
      <Loading what={say("theNames")}>
        <Skeleton className="h-20" />
      </Loading>
    );
  }
  return <Names booking={booking} tickets={loaded} onDone={onDone} />;
}

function Names({ booking, tickets, onDone }: Props & { tickets: Ticket[] }) {
  const changed = useChanged();
  const form = useForm(async (value) => {
    const holders = changedNames(tickets, value);
    if (holders.length > 0) {
      changed(await changeBooking(booking.id, { holders }));
      toast("good", say("namesSaved"));
    }
    onDone();
  });
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <p className="text-soft">{say("namesText")}</p>
      {form.problem && <FormProblem problem={form.problem} />}
      {tickets.map((ticket, at) => (
        <Field
          key={ticket.code}
          name={ticket.code}
          label={say("nameFor", { place: placeText(ticket.seat) })}
          defaultValue={ticket.holder_name}
          hint={<span className="font-mono text-xs">{ticket.ticket_code}</span>}
          autoComplete="off"
          required
          maxLength={100}
          error={form.errorOf(`holders/${at}/name`)}
        />
      ))}
      <Button type="submit" busy={form.isBusy}>
        {say("saveNames")}
      </Button>
    </form>
  );
}
