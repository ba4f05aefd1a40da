import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Attendee } from "../../api/types";
import { statusOf } from "../../bookings/status";
import { Badge } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { timeText } from "../../ui/time";
import { useRested } from "../../ui/useRested";
import { DataTable } from "../DataTable";
import { ExportButtons } from "../ExportButtons";
import { Listed } from "../Listed";
import { attendeesForFile, attendeesQuery } from "../api";
import { everyRow } from "../exports";

/** Who has bought, with a search over names, addresses and references. */
export function Attendees({ event }: { event: number }) {
  const [words, setWords] = useState("");
  const rested = useRested(words.trim());
  const attendees = useInfiniteQuery(attendeesQuery(event, rested));
  const listed = attendees.data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <section aria-labelledby="attendees" className="grid grid-cols-1 gap-4">
      <div className="flex flex-wrap items-end justify-between gap-4">
        <h2 id="attendees" className="heading text-2xl">
          Attendees
        </h2>
        <div className="flex flex-wrap items-end gap-3">
          <Field
            label="Search attendees"
            hideLabel
            type="search"
            placeholder="Name, address, reference"
            className="w-full sm:w-72"
            value={words}
            onChange={(change) => setWords(change.target.value)}
          />
          <ExportButtons
            name={`attendees-${event}`}
            load={async () => (await everyRow(attendeesForFile(event, rested))).map(cellsOf)}
          />
        </div>
      </div>
      <Listed
        query={attendees}
        what="attendees"
        isEmpty={listed.length === 0}
        empty={
          rested
            ? { title: "Nobody matches", says: "Try a part of the name or the booking reference." }
            : { title: "Nobody yet", says: "Bookings appear here as they come in." }
        }
      >
        <Table attendees={listed} />
      </Listed>
    </section>
  );
}

function Table({ attendees }: { attendees: Attendee[] }) {
  return (
    <DataTable
      caption="Attendees"
      rows={attendees}
      keyOf={({ booking_id }) => booking_id}
      heads={[
        { text: "Name" },
        { text: "Booking", tight: true },
        { text: "Seats" },
        { text: "Status" },
        { text: "Checked in", tight: true },
        { text: "Booked", tight: true },
      ]}
    >
      {({ holder_name, email, reference, seats, tickets, status, checked_in, created_at }) => ({
        Name: (
          <>
            {holder_name}
            <span className="block font-normal wrap-anywhere text-soft">{email}</span>
          </>
        ),
        Booking: <span className="figures">{reference}</span>,
        Seats: seats.length > 0 ? seats.join(", ") : `${tickets} × standing`,
        Status: <Badge tone={statusOf(status).tone}>{statusOf(status).text}</Badge>,
        "Checked in": (
          <span className="figures">
            {checked_in} / {tickets}
          </span>
        ),
        Booked: timeText(created_at, "short"),
      })}
    </DataTable>
  );
}

const cellsOf = ({ seats, ...attendee }: Attendee) => ({ ...attendee, seats: seats.join("; ") });
