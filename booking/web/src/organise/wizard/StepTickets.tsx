import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Venue } from "../../api/types";
import { to } from "../../paths";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { ErrorState } from "../../ui/states";
import { layoutQuery } from "../api";
import type { StepProps } from "./NewEventPage";
import { PaintMap } from "./PaintMap";
import { Section } from "./Section";
import { TypeRow } from "./TypeRow";
import { anotherType, type DraftType } from "./draft";

export function StepTickets({ draft, change, faults, venue }: StepProps & { venue: Venue | null }) {
  const { types } = draft;
  const layoutId = draft.layoutId === "" ? null : Number(draft.layoutId);
  const layout = useQuery({ ...layoutQuery(layoutId ?? 0), enabled: layoutId !== null });
  const [brush, setBrush] = useState(types[0]?.key ?? 1);
  const sections = layout.data?.sections.filter((section) => !section.standing) ?? [];
  const setType = (index: number, part: Partial<DraftType>) =>
    change({ types: types.map((type, at) => (at === index ? { ...type, ...part } : type)) });
  return (
    <>
      <Section title="Seats">
        <SeatsField
          venue={venue}
          value={draft.layoutId}
          onChange={(chosen) => change({ layoutId: chosen, types: types.map((type) => ({ ...type, sections: [] })) })}
        />
      </Section>
      {layout.isError && <ErrorState error={layout.error} onRetry={() => void layout.refetch()} />}
      {layoutId !== null && layout.data && (
        <Section title="Paint the categories">
          <PaintMap
            plan={layout.data}
            types={types}
            brush={brush}
            onBrush={setBrush}
            onPaint={(painted) => change({ types: painted })}
          />
        </Section>
      )}
      <Section title="Tickets">
        {draft.sessions.length > 1 && (
          <p className="text-sm text-soft">Each of the {draft.sessions.length} dates sells these tickets.</p>
        )}
        <ul className="grid grid-cols-1 gap-4">
          {types.map((type, index) => (
            <li key={type.key}>
              <TypeRow
                type={type}
                number={index + 1}
                sections={layoutId === null ? null : sections}
                taken={new Set(types.filter((other) => other !== type).flatMap((other) => other.sections))}
                faultOf={(field) => faults[`types.${index}.${field}`]}
                onChange={(part) => setType(index, part)}
                onRemove={types.length > 1 ? () => change({ types: types.filter((each) => each !== type) }) : null}
              />
            </li>
          ))}
        </ul>
        <Button
          look="quiet"
          size="small"
          className="justify-self-start"
          onClick={() => {
            const next = anotherType(types);
            change({ types: [...types, next] });
            setBrush(next.key);
          }}
        >
          <Icon name="plus" /> Another ticket type
        </Button>
      </Section>
    </>
  );
}

interface SeatsProps {
  venue: Venue | null;
  value: string;
  onChange: (layout: string) => void;
}

function SeatsField({ venue, value, onChange }: SeatsProps) {
  if (venue === null) return <p className="text-soft">A new venue has no seating plan yet: people stand.</p>;
  return (
    <>
      <Select label="Seating plan" value={value} onChange={(event) => onChange(event.target.value)}>
        <option value="">Standing, no seat numbers</option>
        {venue.layouts.map((layout) => (
          <option key={layout.id} value={layout.id}>
            {layout.name} · {layout.seats.toLocaleString()} seats
          </option>
        ))}
      </Select>
      <p className="text-sm text-soft">
        Not here?{" "}
        <Link {...to.seatPlan(venue.id)} className="font-semibold underline">
          Draw the seats of {venue.name}
        </Link>
        ; what you typed stays.
      </p>
    </>
  );
}
