import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { newKey } from "../api/ids";
import type { Venue } from "../api/types";
import { EventArt } from "../events/EventArt";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Card } from "../ui/Card";
import { Field, Select, TextArea } from "../ui/Field";
import { toast } from "../ui/Toast";
import { FormProblem } from "../users/form";
import { TypeRows } from "./TypeRows";
import { asProblem } from "../api/problem";
import { createEvent, venuesQuery } from "./api";
import { type Draft, emptyDraft, eventOf, faultsOf } from "./draft";
import { roomsQuery } from "./rooms/api";

const categories = ["concert", "festival", "sports", "theatre", "comedy", "conference", "movie", "other"];

/** A new event on one page: what, where and when, tickets. It is a draft until it is published. */
export function NewEventPage() {
  useTitle("New event");
  const client = useQueryClient();
  const navigate = useNavigate();
  const venues = useQuery(venuesQuery());
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [isChecked, setChecked] = useState(false);
  const key = useRef(newKey());
  const venue = venues.data?.find((each) => String(each.id) === draft.venueId) ?? null;
  const timeZone = venue?.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const faults = isChecked ? faultsOf(draft) : {};

  const create = useMutation({
    mutationFn: () => createEvent(eventOf(draft, timeZone), key.current),
    onSuccess: async (event) => {
      toast("good", "Saved as a draft. Publish it when it's ready.");
      void client.invalidateQueries({ queryKey: ["organise"] });
      await navigate(to.organiseEvent(event.id));
    },
    onError: (error) => {
      if (asProblem(error).status !== 0) key.current = newKey();
    },
  });
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(faultsOf(draft)).length === 0) create.mutate();
  };

  return (
    <form onSubmit={submit} noValidate className="grid items-start gap-8 lg:grid-cols-[1fr_20rem]">
      <div className="grid gap-6">
        <h1 className="poster text-3xl">New event</h1>
        <FormProblem problem={create.isError ? asProblem(create.error) : null} />
        <Section title="What">
          <Field
            label="Name"
            required
            maxLength={200}
            value={draft.name}
            error={faults["name"]}
            onChange={(event) => change({ name: event.target.value })}
          />
          <TextArea
            label="Description"
            value={draft.description}
            maxLength={5000}
            onChange={(event) => change({ description: event.target.value })}
          />
          <Select label="Kind" value={draft.category} onChange={(event) => change({ category: event.target.value })}>
            {categories.map((category) => (
              <option key={category} value={category}>
                {category}
              </option>
            ))}
          </Select>
        </Section>
        <Section title="Where and when">
          <WhereFields draft={draft} venues={venues.data ?? []} faults={faults} onChange={change} />
          <Field
            label="Starts"
            type="datetime-local"
            required
            value={draft.startsAt}
            error={faults["startsAt"]}
            hint={`By the venue's clock (${timeZone}).`}
            onChange={(event) => change({ startsAt: event.target.value })}
          />
          <Field
            label="Sale opens"
            type="datetime-local"
            value={draft.salesOpenAt}
            hint="Leave empty to sell from the moment you publish."
            onChange={(event) => change({ salesOpenAt: event.target.value })}
          />
        </Section>
        <Section title="Tickets">
          <TypeRows
            types={draft.types}
            layoutId={draft.layoutId === "" ? null : Number(draft.layoutId)}
            faults={faults}
            onChange={(types) => change({ types })}
          />
          <div className="grid gap-5 sm:grid-cols-2">
            <Field
              label="Most tickets a person"
              type="number"
              min={1}
              max={100}
              value={draft.perPersonLimit}
              onChange={(event) => change({ perPersonLimit: event.target.value })}
            />
            <RoomField draft={draft} onChange={change} />
          </div>
        </Section>
        <Button type="submit" size="large" busy={create.isPending} className="justify-self-start">
          Save draft
        </Button>
      </div>
      <aside className="sticky top-21 hidden lg:block">
        <p className="caption mb-2 text-soft">The poster we draw for it</p>
        <div className="overflow-hidden rounded-lg border border-line bg-card">
          <EventArt
            event={{
              id: draft.name.length,
              name: draft.name || "New event",
              category: draft.category,
            }}
            className="aspect-4/3 w-full"
          />
          <p className="poster p-4 text-2xl break-words">{draft.name || "Your event"}</p>
        </div>
      </aside>
    </form>
  );
}

function Section({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <Card className="p-5 sm:p-6">
      <h2 className="heading mb-5 text-xl">{title}</h2>
      <div className="grid gap-5">{children}</div>
    </Card>
  );
}

interface PartProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function WhereFields(props: PartProps & { venues: Venue[]; faults: Record<string, string> }) {
  const { draft, venues, faults, onChange } = props;
  const layouts = venues.find((each) => String(each.id) === draft.venueId)?.layouts ?? [];
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Select
        label="Venue"
        value={draft.venueId}
        onChange={(event) => onChange({ venueId: event.target.value, ...withLayout(draft, "") })}
      >
        <option value="">A new venue…</option>
        {venues.map((venue) => (
          <option key={venue.id} value={venue.id}>
            {venue.name}
          </option>
        ))}
      </Select>
      {draft.venueId === "" ? (
        <Field
          label="Name of the venue"
          required
          value={draft.venueName}
          error={faults["venue"]}
          onChange={(event) => onChange({ venueName: event.target.value })}
        />
      ) : (
        <Select
          label="Seats"
          value={draft.layoutId}
          onChange={(event) => onChange(withLayout(draft, event.target.value))}
        >
          <option value="">Standing, no seat numbers</option>
          {layouts.map((layout) => (
            <option key={layout.id} value={layout.id}>
              {layout.name} · {layout.seats.toLocaleString()} seats
            </option>
          ))}
        </Select>
      )}
    </div>
  );
}

/** Another layout has other sections: what was assigned of the old one goes. */
const withLayout = (draft: Draft, layoutId: string): Partial<Draft> => ({
  layoutId,
  types: draft.types.map((type) => ({ ...type, sections: [] })),
});

/** A waiting room in front of the sale, if one has been set up. */
function RoomField({ draft, onChange }: PartProps) {
  const rooms = useQuery({ ...roomsQuery(), refetchInterval: false });
  return (
    <Select
      label="Waiting room"
      value={draft.room}
      hint="Lets people in at a pace the sale can bear."
      onChange={(event) => onChange({ room: event.target.value })}
    >
      <option value="">None</option>
      {(rooms.data ?? []).map((room) => (
        <option key={room.id} value={room.id}>
          {room.name}
        </option>
      ))}
    </Select>
  );
}
