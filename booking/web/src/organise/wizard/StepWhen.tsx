import type { Venue } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field, Select } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { daysLater } from "../local";
import type { StepProps } from "./NewEventPage";
import { Section } from "./Section";
import { type Draft, type DraftSession, unpainted } from "./draft";

/** More dates than this are made by cloning. */
const sessionsMost = 50;

export function StepWhen({ draft, change, faults, timeZone, venues }: StepProps & { venues: Venue[] }) {
  const { sessions } = draft;
  const set = (index: number, part: Partial<DraftSession>) =>
    change({ sessions: sessions.map((session, at) => (at === index ? { ...session, ...part } : session)) });
  return (
    <>
      <Section title="Where?">
        <div className="grid gap-5 sm:grid-cols-2">
          <Select
            label="Venue"
            value={draft.venueId}
            onChange={(event) => change({ venueId: event.target.value, ...withoutSeats(draft) })}
          >
            <option value="">A new venue…</option>
            {venues.map((venue) => (
              <option key={venue.id} value={venue.id}>
                {venue.name}
              </option>
            ))}
          </Select>
          {draft.venueId === "" && (
            <Field
              label="Name of the venue"
              required
              value={draft.venueName}
              error={faults["venue"]}
              onChange={(event) => change({ venueName: event.target.value })}
            />
          )}
        </div>
      </Section>
      <Section title="When?">
        <p className="text-sm text-soft">All times by the venue’s clock ({timeZone.replaceAll("_", " ")}).</p>
        <ul className="grid grid-cols-1 gap-4">
          {sessions.map((session, index) => (
            <li key={session.key}>
              <SessionFields
                session={session}
                title={sessions.length > 1 ? `Date ${index + 1}` : "Date"}
                faultOf={(field) => faults[`sessions.${index}.${field}`]}
                onChange={(part) => set(index, part)}
                onRemove={
                  sessions.length > 1 ? () => change({ sessions: sessions.filter((each) => each !== session) }) : null
                }
              />
            </li>
          ))}
        </ul>
        {sessions.length < sessionsMost && (
          <Button
            look="quiet"
            size="small"
            className="justify-self-start"
            onClick={() => change({ sessions: [...sessions, nextOf(sessions)] })}
          >
            <Icon name="plus" /> Another date
          </Button>
        )}
      </Section>
    </>
  );
}

/** Another venue has other seats: what was chosen and painted of the old one goes. */
const withoutSeats = (draft: Draft): Partial<Draft> => ({
  layoutId: "",
  types: unpainted(draft.types),
});

/** The day after the last date, at the same hours. */
function nextOf(sessions: readonly DraftSession[]): DraftSession {
  const last = sessions.at(-1);
  return {
    key: Math.max(0, ...sessions.map(({ key }) => key)) + 1,
    startsAt: daysLater(last?.startsAt ?? "", 1),
    endsAt: daysLater(last?.endsAt ?? "", 1),
    doorsAt: daysLater(last?.doorsAt ?? "", 1),
    roomName: last?.roomName ?? "",
  };
}

interface SessionProps {
  session: DraftSession;
  title: string;
  faultOf: (field: keyof DraftSession) => string | undefined;
  onChange: (part: Partial<DraftSession>) => void;
  onRemove: (() => void) | null;
}

function SessionFields({ session, title, faultOf, onChange, onRemove }: SessionProps) {
  return (
    <fieldset className="grid gap-4 rounded-md bg-sunk p-4">
      <legend className="sr-only">{title}</legend>
      <div className="flex min-h-9 items-center justify-between" aria-hidden={onRemove === null}>
        <span className="font-semibold">{title}</span>
        {onRemove && (
          <Button look="plain" size="small" onClick={onRemove} aria-label={`Remove ${title.toLowerCase()}`}>
            <Icon name="bin" /> Remove
          </Button>
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field
          label="Starts"
          type="datetime-local"
          required
          value={session.startsAt}
          error={faultOf("startsAt")}
          onChange={(event) => onChange({ startsAt: event.target.value })}
        />
        <Field
          label="Ends"
          type="datetime-local"
          value={session.endsAt}
          error={faultOf("endsAt")}
          hint="Three hours later if left empty."
          onChange={(event) => onChange({ endsAt: event.target.value })}
        />
        <Field
          label="Doors open"
          type="datetime-local"
          value={session.doorsAt}
          error={faultOf("doorsAt")}
          hint="At the start if left empty."
          onChange={(event) => onChange({ doorsAt: event.target.value })}
        />
        <Field
          label="Hall"
          value={session.roomName}
          maxLength={100}
          hint="Where in the venue, if it has several."
          onChange={(event) => onChange({ roomName: event.target.value })}
        />
      </div>
    </fieldset>
  );
}
