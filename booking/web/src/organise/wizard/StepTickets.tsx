import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { LayoutPlan, Venue } from "../../api/types";
import { to } from "../../paths";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { layoutQuery } from "../api";
import { CurrencyField } from "../EventFields";
import { type PartKind, partsOf } from "../parts";
import type { StepProps } from "./NewEventPage";
import { PaintMap } from "./PaintMap";
import { Section } from "./Section";
import { TypeRow } from "./TypeRow";
import { anotherType, type DraftType, typesOfCategories, unpainted } from "./draft";

export function StepTickets({ draft, change, faults, venue }: StepProps & { venue: Venue | null }) {
  const { types } = draft;
  const layoutId = draft.layoutId === "" ? null : Number(draft.layoutId);
  const layout = useQuery({ ...layoutQuery(layoutId ?? 0), enabled: layoutId !== null });
  const plan = layoutId === null ? undefined : layout.data;
  const [brush, setBrush] = useState(types[0]?.key ?? 1);
  const [wanted, setWanted] = useState<PartKind>(
    types.some(({ sections }) => sections.length > 0) ? "sections" : "categories",
  );
  const kind: PartKind = plan?.categories?.length ? wanted : "sections";
  const parts = layoutId === null ? null : plan ? partsOf(plan, kind) : [];
  const setType = (index: number, part: Partial<DraftType>) =>
    change({ types: types.map((type, at) => (at === index ? { ...type, ...part } : type)) });
  return (
    <>
      <Section title="Seats">
        <SeatsField
          venue={venue}
          value={draft.layoutId}
          onChange={(chosen) => change({ layoutId: chosen, types: unpainted(types) })}
        />
      </Section>
      {layout.isError && <ErrorState error={layout.error} onRetry={() => void layout.refetch()} />}
      {layoutId !== null && layout.isPending && (
        <Loading what="the plan">
          <Skeleton className="h-96" />
        </Loading>
      )}
      {plan && parts && (
        <Section title="Paint the plan">
          <KindField
            plan={plan}
            kind={kind}
            onKind={(next) => {
              setWanted(next);
              change({ types: unpainted(types) });
            }}
            onTypes={() => {
              const made = typesOfCategories(parts);
              change({ types: made });
              setBrush(made[0]?.key ?? 1);
            }}
          />
          <PaintMap
            plan={plan}
            types={types}
            kind={kind}
            parts={parts}
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
        <CurrencyField
          value={draft.currency}
          error={faults["currency"]}
          onChange={(currency) => change({ currency })}
        />
        <ul className="grid grid-cols-1 gap-4">
          {types.map((type, index) => (
            <li key={type.key}>
              <TypeRow
                type={type}
                number={index + 1}
                currency={draft.currency}
                parts={parts}
                kind={kind}
                taken={new Set(types.filter((other) => other !== type).flatMap((other) => other[kind]))}
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

interface KindProps {
  plan: LayoutPlan;
  kind: PartKind;
  onKind: (kind: PartKind) => void;
  /** A ticket type for each category is wanted. */
  onTypes: () => void;
}

/** An imported plan knows categories, which run through its sections: it is sold by either. */
function KindField({ plan, kind, onKind, onTypes }: KindProps) {
  if (!plan.categories?.length) return null;
  return (
    <div className="flex flex-wrap items-end gap-3">
      <Select
        label="What a ticket type is for"
        className="min-w-56 grow"
        value={kind}
        onChange={(event) => onKind(event.target.value as PartKind)}
      >
        <option value="categories">Price categories of the plan</option>
        <option value="sections">Whole sections</option>
      </Select>
      {kind === "categories" && (
        <Button look="quiet" onClick={onTypes}>
          One for each category
        </Button>
      )}
    </div>
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
        </Link>{" "}
        or{" "}
        <Link {...to.planImport(venue.id)} className="font-semibold underline">
          import a plan
        </Link>
        ; what you typed stays.
      </p>
    </>
  );
}
