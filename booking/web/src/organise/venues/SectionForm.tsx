import type { SectionSpec } from "../../api/types";
import { Card } from "../../ui/Card";
import { Field, Select } from "../../ui/Field";
import { Check } from "../rooms/Check";
import { PlacingFields } from "./PlacingFields";
import { aislesOf, type EditedSection } from "./sections";
import type { PlanEditor } from "./usePlanEditor";

interface Props {
  editor: PlanEditor;
  section: EditedSection;
  faults: Record<string, string>;
}

/** All about one section; what is typed shows on the plan at once. */
export function SectionForm({ editor, section, faults }: Props) {
  const { key, spec } = section;
  const index = editor.sections.indexOf(section);
  const faultOf = (field: string) => faults[`${index}/${field}`];
  const change = (part: Partial<SectionSpec>) => editor.change(key, { ...spec, ...part });
  return (
    <Card className="grid gap-4 p-4">
      <h2 className="heading text-lg break-words">{spec.name || "Section"}</h2>
      <Field
        label="Name"
        value={spec.name}
        maxLength={80}
        error={faultOf("name")}
        onChange={(event) => change({ name: event.target.value })}
      />
      <div className="grid grid-cols-3 items-end gap-3">
        <NumberField
          label="Rows"
          value={spec.rows}
          min={1}
          fault={faultOf("rows")}
          onSet={(rows) => change({ rows })}
        />
        <NumberField
          label="Seats"
          value={spec.columns}
          min={1}
          fault={faultOf("columns")}
          onSet={(columns) => change({ columns })}
        />
        <NumberField
          label="More each row"
          value={spec.columns_step ?? 0}
          min={0}
          fault={faultOf("columns_step")}
          onSet={(columns_step) => change({ columns_step })}
        />
      </div>
      <Field
        label="Aisles after seats"
        hint="Counted from the left, such as 7, 21."
        defaultValue={(spec.aisles ?? []).join(", ")}
        onChange={(event) => change({ aisles: aislesOf(event.target.value) })}
      />
      <div className="grid grid-cols-2 gap-3">
        <Select
          label="Rows are called"
          value={spec.row_labels ?? "letters"}
          onChange={(event) => change({ row_labels: event.target.value as SectionSpec["row_labels"] })}
        >
          <option value="letters">A, B, C</option>
          <option value="numbers">1, 2, 3</option>
        </Select>
        <Select
          label="Seats count"
          value={spec.seat_numbers ?? "left_to_right"}
          onChange={(event) => change({ seat_numbers: event.target.value as SectionSpec["seat_numbers"] })}
        >
          <option value="left_to_right">1 2 3 4 5</option>
          <option value="right_to_left">5 4 3 2 1</option>
          <option value="odd_even">5 3 1 2 4</option>
        </Select>
      </div>
      <Check
        label="People stand here"
        hint="Drawn as an area; places are counted, not chosen."
        checked={spec.standing ?? false}
        onChange={(event) => change({ standing: event.target.checked })}
      />
      <PlacingFields spec={spec} radiusFault={faultOf("radius")} onChange={(next) => editor.change(key, next)} />
    </Card>
  );
}

interface NumberProps {
  label: string;
  value: number;
  min?: number;
  step?: number;
  fault?: string | undefined;
  onSet: (value: number) => void;
}

/** A whole number; what is not one yet stays as it is typed. */
export function NumberField({ label, value, min, step, fault, onSet }: NumberProps) {
  return (
    <Field
      label={label}
      type="number"
      inputMode="numeric"
      min={min}
      step={step ?? 1}
      value={Number.isFinite(value) ? value : ""}
      error={fault}
      onChange={(event) => onSet(event.target.valueAsNumber)}
    />
  );
}
