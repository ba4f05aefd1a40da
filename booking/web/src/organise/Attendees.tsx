import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Attendee } from "../api/types";
import { statusOf } from "../bookings/status";
import { Badge, Card } from "../ui/Card";
import { Field } from "../ui/Field";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { timeText } from "../ui/time";
import { attendeesQuery } from "./api";

/** More rows than this aren't drawn; the search narrows them. */
const mostRows = 200;

/** Who has bought, with a search over names, references and seats. */
export function Attendees({ event }: { event: number }) {
  const attendees = useQuery(attendeesQuery(event));
  const [words, setWords] = useState("");
  const found = (attendees.data ?? []).filter((attendee) => matches(attendee, words));
  return (
    <section aria-labelledby="attendees">
      <div className="mb-4 flex flex-wrap items-end justify-between gap-4">
        <h2 id="attendees" className="heading text-2xl">
          Attendees
        </h2>
        <Field
          label="Search attendees"
          hideLabel
          type="search"
          placeholder="Name, reference, seat"
          className="w-full sm:w-72"
          value={words}
          onChange={(change) => setWords(change.target.value)}
        />
      </div>
      {attendees.isPending ? (
        <Loading what="attendees">
          <Skeleton className="h-40" />
        </Loading>
      ) : attendees.isError ? (
        <ErrorState error={attendees.error} onRetry={() => void attendees.refetch()} />
      ) : found.length === 0 ? (
        <Card>
          <EmptyState title={words ? "Nobody matches" : "Nobody yet"}>
            {words ? "Try a part of the name or the booking reference." : "Bookings appear here as they come in."}
          </EmptyState>
        </Card>
      ) : (
        <Card>
          <div role="region" aria-label="Table of attendees" tabIndex={0} className="overflow-x-auto rounded-lg">
            <table className="w-full text-start text-sm">
              <caption className="sr-only">Attendees</caption>
              <thead className="caption border-b border-line text-soft">
                <tr>
                  {["Name", "Booking", "Seats", "Status", "Checked in", "Booked"].map((head) => (
                    <th key={head} scope="col" className="px-4 py-3 text-start font-semibold whitespace-nowrap">
                      {head}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {found.slice(0, mostRows).map((attendee) => (
                  <Row key={attendee.booking_id} attendee={attendee} />
                ))}
              </tbody>
            </table>
          </div>
          {found.length > mostRows && (
            <p className="px-4 py-3 text-sm text-soft">
              {mostRows} of {found.length.toLocaleString()} shown. Search to narrow them.
            </p>
          )}
        </Card>
      )}
    </section>
  );
}

function matches(attendee: Attendee, words: string): boolean {
  const text = [attendee.holder_name, attendee.email, attendee.reference, ...attendee.seats].join(" ").toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

function Row({ attendee }: { attendee: Attendee }) {
  const status = statusOf(attendee.status);
  return (
    <tr className="border-b border-line last:border-0">
      <th scope="row" className="px-4 py-3 text-start font-semibold">
        {attendee.holder_name}
        <span className="block font-normal text-soft">{attendee.email}</span>
      </th>
      <td className="figures px-4 py-3">{attendee.reference}</td>
      <td className="px-4 py-3">
        {attendee.seats.length > 0 ? attendee.seats.join(", ") : `${attendee.tickets} × standing`}
      </td>
      <td className="px-4 py-3">
        <Badge tone={status.tone}>{status.text}</Badge>
      </td>
      <td className="figures px-4 py-3">
        {attendee.checked_in} / {attendee.tickets}
      </td>
      <td className="px-4 py-3 whitespace-nowrap text-soft">{timeText(attendee.created_at, "short")}</td>
    </tr>
  );
}
