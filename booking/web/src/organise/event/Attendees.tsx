import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Attendee, EventDetail } from "../../api/types";
import { statusOf } from "../../bookings/status";
import { Button } from "../../ui/Button";
import { Badge } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { timeText } from "../../ui/time";
import { useRested } from "../../ui/useRested";
import { DataTable } from "../DataTable";
import { ExportButtons } from "../ExportButtons";
import { Listed } from "../Listed";
import { attendeesForFile, attendeesQuery } from "../api";
import { everyRow } from "../exports";
import { TakeBack } from "./TakeBack";

/** Who has bought, with a search over names, addresses and references. */
export function Attendees({ event: { id: event, currency } }: { event: EventDetail }) {
  const [words, setWords] = useState("");
  const rested = useRested(words.trim());
  const [asked, setAsked] = useState<Attendee | null>(null);
  const close = () => setAsked(null);
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
            load={async () => (await everyRow(attendeesForFile(event, rested))).map(fileCellsOf)}
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
        <Table attendees={listed} onTakeBack={setAsked} />
      </Listed>
      <Dialog open={asked !== null} title={`Cancel ${asked?.reference}?`} onClose={close}>
        {asked && <TakeBack key={asked.booking_id} event={event} currency={currency} attendee={asked} onDone={close} />}
      </Dialog>
    </section>
  );
}

interface TableProps {
  attendees: Attendee[];
  onTakeBack: (attendee: Attendee) => void;
}

function Table({ attendees, onTakeBack }: TableProps) {
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
        { text: "More", tight: true },
      ]}
    >
      {(attendee) => ({
        ...cellsOf(attendee),
        More: attendee.status === "confirmed" && (
          <Button
            look="plain"
            size="small"
            className="-my-2"
            aria-label={`Cancel the booking of ${attendee.holder_name}, ${attendee.reference}`}
            onClick={() => onTakeBack(attendee)}
          >
            Cancel
          </Button>
        ),
      })}
    </DataTable>
  );
}

const cellsOf = ({ holder_name, email, reference, seats, tickets, status, checked_in, created_at }: Attendee) => ({
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
});

const fileCellsOf = ({ seats, ...attendee }: Attendee) => ({ ...attendee, seats: seats.join("; ") });
