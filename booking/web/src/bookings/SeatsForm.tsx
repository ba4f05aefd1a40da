import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { asProblem } from "../api/problem";
import type { Booking, BookingTicket } from "../api/types";
import { seatsQuery } from "../seats/api";
import { nearestFree, planOf, seatName, statesOf } from "../seats/model";
import { placeText } from "../seats/place";
import { Button } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Select } from "../ui/Field";
import { toast } from "../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../ui/states";
import { changeBooking } from "./api";
import { choicesFor, liveTickets, seatOf } from "./change";
import { useChanged } from "./useChanged";
import { say } from "./words";

interface Props {
  booking: Booking;
  onDone: () => void;
}

/** The tickets that have a seat to exchange. */
export const seatedTickets = (booking: Booking): { ticket: BookingTicket; seat: number }[] =>
  liveTickets(booking).flatMap((ticket) => {
    const seat = seatOf(booking, ticket);
    return seat === null ? [] : [{ ticket, seat }];
  });

/** Another seat of the same price for one ticket; the nearest free one is chosen at first. */
export function SeatsForm({ booking, onDone }: Props) {
  const tickets = seatedTickets(booking);
  const [code, setCode] = useState(tickets[0]?.ticket.code ?? "");
  const snapshot = useQuery(seatsQuery(booking.session.id));
  const sale = useMemo(() => {
    if (snapshot.data === undefined) return null;
    const plan = planOf(snapshot.data);
    return { plan, states: statesOf(plan, snapshot.data) };
  }, [snapshot.data]);
  const given = tickets.find(({ ticket }) => ticket.code === code);
  if (snapshot.isError) return <ErrorState error={snapshot.error} onRetry={() => void snapshot.refetch()} />;
  return (
    <div className="grid gap-5">
      <p className="text-soft">{say("seatsText")}</p>
      {tickets.length > 1 && (
        <Select label={say("whichTicket")} value={code} onChange={(change) => setCode(change.target.value)}>
          {tickets.map(({ ticket }) => (
            <option key={ticket.code} value={ticket.code}>
              {placeText(ticket.seat)}
            </option>
          ))}
        </Select>
      )}
      {sale === null || given === undefined ? (
        <Loading what={say("theSeats")}>
          <Skeleton className="h-32" />
        </Loading>
      ) : (
        <Exchange
          key={given.seat}
          {...sale}
          booking={booking}
          given={given.seat}
          onGone={() => void snapshot.refetch()}
          onDone={onDone}
        />
      )}
    </div>
  );
}

interface ExchangeProps extends Props {
  plan: ReturnType<typeof planOf>;
  states: ReturnType<typeof statesOf>;
  given: number;
  /** Somebody was faster: what is free has to be asked again. */
  onGone: () => void;
}

function Exchange({ booking, plan, states, given, onGone, onDone }: ExchangeProps) {
  const choices = useMemo(() => choicesFor(plan, states, given), [plan, states, given]);
  const [wanted, setWanted] = useState<number | null>(() => nearestFree(plan, states, [given], [])[0] ?? null);
  const changed = useChanged();
  const exchange = useMutation({
    mutationFn: (to: number) => changeBooking(booking.id, { seats: [{ from: given, to }] }),
    onSuccess: (after, to) => {
      changed(after);
      toast("good", say("seatChanged", { seat: seatName(plan, plan.indexOf.get(to) ?? 0) }));
      onDone();
    },
    onError: onGone,
  });
  const section = choices.find(({ rows }) => rows.some(({ seats }) => seats.some(({ id }) => id === wanted)));
  const row = section?.rows.find(({ seats }) => seats.some(({ id }) => id === wanted));
  if (section === undefined || row === undefined || wanted === null) {
    return <Notice tone="plain" title={say("noOtherSeats")} />;
  }
  const first = (seats: readonly { id: number }[] | undefined) => setWanted(seats?.[0]?.id ?? null);
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-[1fr_auto_auto]">
        <Select
          label={say("section")}
          value={section.section}
          onChange={({ target }) => first(choices.find((each) => each.section === target.value)?.rows[0]?.seats)}
        >
          {choices.map((each) => (
            <option key={each.section}>{each.section}</option>
          ))}
        </Select>
        <Select
          label={say("row")}
          value={row.row}
          onChange={({ target }) => first(section.rows.find((each) => each.row === target.value)?.seats)}
        >
          {section.rows.map((each) => (
            <option key={each.row}>{each.row}</option>
          ))}
        </Select>
        <Select label={say("seat")} value={wanted} onChange={({ target }) => setWanted(Number(target.value))}>
          {row.seats.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </Select>
      </div>
      {exchange.isError && (
        <Notice tone="bad" title={asProblem(exchange.error).title}>
          {asProblem(exchange.error).detail}
        </Notice>
      )}
      <Button busy={exchange.isPending} onClick={() => exchange.mutate(wanted)}>
        {say("takeSeat", { seat: seatName(plan, plan.indexOf.get(wanted) ?? 0) })}
      </Button>
    </>
  );
}
