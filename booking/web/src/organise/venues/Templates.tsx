import type { SectionSpec } from "../../api/types";
import { PlanMap } from "./PlanMap";
import { centredPlanOf } from "./plan";
import { templates } from "./sections";

/** Plans to begin with, drawn small. */
export function Templates({ onChoose }: { onChoose: (sections: SectionSpec[]) => void }) {
  return (
    <section aria-labelledby="templates" className="grid gap-4">
      <h2 id="templates" className="heading text-xl">
        Begin with
      </h2>
      <ul className="grid grid-cols-1 gap-4 sm:grid-cols-2">
        {Object.entries(templates).map(([key, { name, says, sections }]) => (
          <li key={key}>
            <button
              type="button"
              onClick={() => onChoose(sections())}
              className="grid w-full overflow-hidden rounded-lg border border-line bg-card text-start hover:border-ink"
            >
              <Picture sections={sections()} />
              <span className="border-t border-line p-4">
                <span className="block text-lg font-bold">{name}</span>
                <span className="block text-sm text-soft">{says}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Picture({ sections }: { sections: SectionSpec[] }) {
  const { plan, box } = centredPlanOf(sections);
  return (
    <span aria-hidden="true" className="pointer-events-none block h-56">
      <PlanMap plan={plan} box={box} says="" chosen={null} onPick={() => undefined} isStill />
    </span>
  );
}
