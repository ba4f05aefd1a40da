import { useState } from "react";
import type { LayoutPlan } from "../../api/types";
import { PlanMap } from "../venues/PlanMap";
import { type DraftType, painted } from "./draft";

interface Props {
  plan: LayoutPlan;
  types: readonly DraftType[];
  /** The type whose colour is painted with. */
  brush: number;
  onBrush: (key: number) => void;
  onPaint: (types: DraftType[]) => void;
}

/** The seating plan in the colours of its ticket types: choose a colour, press a section. */
export function PaintMap({ plan, types, brush, onBrush, onPaint }: Props) {
  const [last, setLast] = useState("");
  const typeOf = (name: string) => types.find(({ sections }) => sections.includes(name));
  const paint = (index: number) => {
    const section = plan.sections[index];
    if (section === undefined || section.standing) return;
    const next = painted(types, brush, section.name);
    onPaint(next);
    const now = next.find(({ sections }) => sections.includes(section.name));
    setLast(`${section.name}: ${now ? now.name || "this type" : "not sold"}.`);
  };
  const seated = plan.sections.filter(({ standing }) => !standing);
  const free = seated.filter(({ name }) => !typeOf(name)).length;
  return (
    <div className="grid grid-cols-1 gap-4">
      <div role="radiogroup" aria-label="Paint with" className="flex flex-wrap gap-2">
        {types.map((type, index) => (
          <button
            key={type.key}
            type="button"
            role="radio"
            aria-checked={type.key === brush}
            onClick={() => onBrush(type.key)}
            className="inline-flex min-h-11 items-center gap-2 rounded-md border border-control bg-card px-3.5 text-sm font-semibold hover:border-ink aria-checked:border-ink aria-checked:ring-2 aria-checked:ring-ink"
          >
            <span aria-hidden="true" className="size-4 rounded-xs" style={{ background: type.colour }} />
            {type.name || `Type ${index + 1}`}
          </button>
        ))}
      </div>
      <div className="h-96 rounded-lg border border-line">
        <PlanMap
          plan={plan}
          box={{ x: 0, y: 0, w: plan.width, h: plan.height }}
          says="The seating plan in the colours of its ticket types. The list of sections below does the same."
          seatColours={plan.sections.map(({ name }) => typeOf(name)?.colour ?? null)}
          chosen={null}
          onPick={paint}
        />
      </div>
      <p className="text-sm text-soft" aria-live="polite">
        {last} {free === 0 ? "Every section is sold." : `${free} of ${seated.length} sections aren’t sold.`}
      </p>
    </div>
  );
}
