import type { SectionSpec } from "../../api/types";
import { Select } from "../../ui/Field";
import { NumberField } from "./SectionForm";
import { type Placing, placed, placingOf } from "./sections";

interface Props {
  spec: SectionSpec;
  radiusFault: string | undefined;
  onChange: (spec: SectionSpec) => void;
}

/** Where a section lies: below the one before, at a point, or on arcs around the stage. */
export function PlacingFields({ spec, radiusFault, onChange }: Props) {
  const { at, around } = spec;
  return (
    <>
      <Select
        label="Where"
        value={placingOf(spec)}
        onChange={(event) => onChange(placed(spec, event.target.value as Placing))}
      >
        <option value="below">Below the section before it</option>
        <option value="at">At a place of its own</option>
        <option value="around">In curved rows around the stage</option>
      </Select>
      {at && (
        <div className="grid grid-cols-2 gap-3">
          <NumberField
            label="Right of the stage’s centre"
            step={10}
            value={at.x}
            onSet={(x) => onChange({ ...spec, at: { ...at, x: x || 0 } })}
          />
          <NumberField
            label="Away from the stage"
            step={10}
            value={at.y}
            onSet={(y) => onChange({ ...spec, at: { ...at, y: y || 0 } })}
          />
        </div>
      )}
      {around && (
        <>
          <NumberField
            label="Distance of the first row"
            min={20}
            step={10}
            value={around.radius}
            fault={radiusFault}
            onSet={(radius) => onChange({ ...spec, around: { ...around, radius } })}
          />
          <label className="grid gap-1.5 text-sm font-semibold">
            Direction, degrees: {around.degrees}
            <input
              type="range"
              min={0}
              max={359}
              value={around.degrees}
              aria-valuetext={`${around.degrees} degrees; 0 is in front of the stage`}
              onChange={(event) => onChange({ ...spec, around: { ...around, degrees: event.target.valueAsNumber } })}
              className="h-11 w-full accent-flare-ink"
            />
          </label>
        </>
      )}
    </>
  );
}
