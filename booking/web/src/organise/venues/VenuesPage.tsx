import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Layout, Venue } from "../../api/types";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button, buttonClass } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Listed } from "../Listed";
import { venuesQuery } from "../api";
import { NewVenueForm } from "./NewVenueForm";
import { PlanLook } from "./PlanLook";

/** Where events happen, and the seats there. */
export function VenuesPage() {
  useTitle("Venues");
  const venues = useQuery(venuesQuery());
  const [words, setWords] = useState("");
  const [isAdding, setAdding] = useState(false);
  const [looked, setLooked] = useState<Layout | null>(null);
  const found = (venues.data ?? []).filter(({ name, address }) =>
    `${name} ${address}`.toLowerCase().includes(words.trim().toLowerCase()),
  );
  return (
    <div className="grid grid-cols-1 gap-6">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Venues</h1>
        <Button onClick={() => setAdding(true)}>
          <Icon name="plus" /> New venue
        </Button>
      </div>
      <Field
        label="Search venues"
        hideLabel
        type="search"
        placeholder="Name or street"
        value={words}
        onChange={(event) => setWords(event.target.value)}
      />
      <Listed
        query={venues}
        what="the venues"
        isEmpty={found.length === 0}
        empty={
          words
            ? { title: "No such venue", says: "Try a part of its name or street." }
            : { title: "No venues yet", says: "Add the first, then draw its seats." }
        }
      >
        <ul className="grid grid-cols-1 gap-4 lg:grid-cols-2">
          {found.map((venue) => (
            <li key={venue.id}>
              <VenueCard venue={venue} onLook={setLooked} />
            </li>
          ))}
        </ul>
      </Listed>
      <Dialog open={isAdding} title="New venue" onClose={() => setAdding(false)}>
        <NewVenueForm />
      </Dialog>
      <Dialog open={looked !== null} title={looked?.name ?? ""} onClose={() => setLooked(null)}>
        {looked && <PlanLook layout={looked} />}
      </Dialog>
    </div>
  );
}

function VenueCard({ venue, onLook }: { venue: Venue; onLook: (layout: Layout) => void }) {
  return (
    <Card className="flex h-full flex-col gap-4 p-5">
      <div>
        <h2 className="text-lg font-bold">{venue.name}</h2>
        <p className="text-sm text-soft">
          {venue.address && `${venue.address} · `}
          {venue.time_zone.replaceAll("_", " ")}
        </p>
      </div>
      {venue.layouts.length > 0 && (
        <ul className="grid gap-2">
          {venue.layouts.map((layout) => (
            <li
              key={layout.id}
              className="flex items-center justify-between gap-3 rounded-md bg-sunk py-1.5 ps-3.5 pe-1.5"
            >
              <span className="min-w-0 text-sm">
                <span className="font-semibold">{layout.name}</span>{" "}
                <span className="figures text-soft">
                  {layout.seats.toLocaleString()} seats{layout.version > 1 && `, version ${layout.version}`}
                </span>
              </span>
              <span className="flex shrink-0">
                <Button
                  look="plain"
                  size="small"
                  aria-label={`See ${layout.name} of ${venue.name}`}
                  onClick={() => onLook(layout)}
                >
                  <Icon name="map" /> See
                </Button>
                <Link
                  {...to.seatPlan(venue.id, layout.id)}
                  aria-label={`Edit ${layout.name} of ${venue.name}`}
                  className={buttonClass("plain", "small")}
                >
                  <Icon name="edit" /> Edit
                </Link>
              </span>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-auto flex flex-wrap gap-2">
        <Link {...to.seatPlan(venue.id)} className={buttonClass("quiet", "small")}>
          <Icon name="seat" /> {venue.layouts.length > 0 ? "Another seating plan" : "Draw the seats"}
        </Link>
        <Link {...to.planImport(venue.id)} className={buttonClass("quiet", "small")}>
          <Icon name="download" className="rotate-180" /> Import a plan
        </Link>
      </div>
    </Card>
  );
}
