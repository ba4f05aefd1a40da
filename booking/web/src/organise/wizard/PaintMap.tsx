import { useState } from "react";
import type { LayoutPlan } from "../../api/types";
import type { Point } from "../../seats/geometry";
import { PlanMap } from "../venues/PlanMap";
import { categoriesOf, categoryAt, type Part, type PartKind } from "../parts";
import { type DraftType, painted } from "./draft";

interface Props {
  plan: LayoutPlan;
  types: readonly DraftType[];
  /** What is painted: sections, or the categories that run through them. */
  kind: PartKind;
  parts: readonly Part[];
  /** The type whose colour is painted with. */
  brush: number;
  onBrush: (key: number) => void;
  onPaint: (types: DraftType[]) => void;
}

/** The seating plan in the colours of its ticket types: choose a colour, press a section or a seat of a category. */
export function PaintMap({ plan, types, kind, parts, brush, onBrush, onPaint }: Props) {
  const [last, setLast] = useState("");
  const categories = categoriesOf(plan);
  const colourOf = (name: string) => types.find((type) => type[kind].includes(name))?.colour ?? null;
  const paint = (index: number, at: Point) => {
    const section = plan.sections[index];
    const name = kind === "sections" ? section?.name : section && categories[categoryAt(section, at) ?? -1]?.name;
    if (section === undefined || section.standing) return;
    if (name === undefined) return setLast("This seat is in no category, and is not sold.");
    const next = painted(types, brush, kind, name);
    onPaint(next);
    const now = next.find((type) => type[kind].includes(name));
    setLast(`${name}: ${now ? now.name || "this type" : "not sold"}.`);
  };
  const free = parts.filter(({ name }) => colourOf(name) === null).length;
  const word = kind === "sections" ? "section" : "category";
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
          says={`The seating plan in the colours of its ticket types. The list of ${kind} below does the same.`}
          {...(kind === "sections"
            ? { seatColours: plan.sections.map(({ name }) => colourOf(name)) }
            : { categoryColours: categories.map(({ name }) => colourOf(name)) })}
          chosen={null}
          onPick={paint}
        />
      </div>
      <p className="text-sm text-soft" aria-live="polite">
        {last} {free === 0 ? `Every ${word} is sold.` : `${free} of ${parts.length} ${kind} aren’t sold.`}
      </p>
    </div>
  );
}
