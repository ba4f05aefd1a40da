import { useState } from "react";
import type { SectionSpec } from "../../api/types";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { RingForm } from "./RingForm";
import { seatsOf } from "./plan";
import { radiusOutside } from "./sections";
import type { PlanEditor } from "./usePlanEditor";

interface Props {
  editor: PlanEditor;
  faults: Record<string, string>;
}

/** The sections by name: the way to each of them without the map. */
export function SectionList({ editor, faults }: Props) {
  const [isAddingRing, setAddingRing] = useState(false);
  const names = editor.sections.map(({ spec }) => spec.name);
  return (
    <Card className="grid gap-3 p-4">
      <h2 className="heading text-lg">Sections</h2>
      <ul className="grid max-h-64 gap-1 overflow-y-auto">
        {editor.sections.map((section, index) => {
          const { key, spec } = section;
          const hasFault = Object.keys(faults).some((fault) => fault.startsWith(`${index}/`));
          return (
            <li key={key} className="flex items-center gap-1">
              <button
                type="button"
                aria-pressed={section === editor.chosen}
                onClick={() => editor.choose(key)}
                className="flex min-h-11 min-w-0 flex-1 items-center justify-between gap-3 rounded-md px-3 text-start hover:bg-sunk aria-pressed:bg-info-wash"
              >
                <span className="flex min-w-0 items-center gap-2 font-semibold">
                  {hasFault && <Icon name="alert" className="text-bad" />}
                  <span className="truncate">{spec.name || "No name yet"}</span>
                </span>
                <span className="figures text-sm whitespace-nowrap text-soft">{placesText(spec)}</span>
              </button>
              <Small icon="copy" label={`Copy ${spec.name}`} onClick={() => editor.add([copyOf(spec, names)])} />
              <Small icon="bin" label={`Remove ${spec.name}`} onClick={() => editor.remove(key)} />
            </li>
          );
        })}
      </ul>
      <div className="flex flex-wrap gap-2">
        <Button look="quiet" size="small" onClick={() => editor.add([newSection(names)])}>
          <Icon name="plus" /> Section
        </Button>
        <Button look="quiet" size="small" onClick={() => setAddingRing(true)}>
          <Icon name="plus" /> Ring of blocks
        </Button>
      </div>
      <Dialog open={isAddingRing} title="A ring of blocks" onClose={() => setAddingRing(false)}>
        <RingForm
          radius={radiusOutside(editor.sections.map(({ spec }) => spec))}
          onAdd={(specs) => {
            editor.add(specs);
            setAddingRing(false);
          }}
        />
      </Dialog>
    </Card>
  );
}

function Small({ icon, label, onClick }: { icon: "copy" | "bin"; label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className="grid size-9 shrink-0 place-items-center rounded-md hover:bg-sunk"
    >
      <Icon name={icon} />
    </button>
  );
}

function placesText(spec: SectionSpec): string {
  const seats = seatsOf(spec);
  return spec.standing ? "standing" : Number.isFinite(seats) ? seats.toLocaleString() : "–";
}

/** `Stalls` → `Stalls 2`: a name that is free. */
function freeName(name: string, taken: readonly string[]): string {
  const stem = name.replace(/ \d+$/, "") || "Section";
  let number = 1;
  let free = stem;
  while (taken.includes(free)) free = `${stem} ${++number}`;
  return free;
}

const newSection = (taken: readonly string[]): SectionSpec => ({
  name: freeName("Section", taken),
  rows: 8,
  columns: 12,
});

/** The same a little further: a curved one beside it, a placed one lower. */
const copyOf = (spec: SectionSpec, taken: readonly string[]): SectionSpec => ({
  ...spec,
  name: freeName(spec.name, taken),
  ...(spec.at ? { at: { x: spec.at.x + 40, y: spec.at.y + 40 } } : {}),
  ...(spec.around ? { around: { ...spec.around, degrees: (spec.around.degrees + 45) % 360 } } : {}),
});
