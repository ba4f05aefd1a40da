import { type FormEvent, useState } from "react";
import type { SectionSpec } from "../../api/types";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { columnsThatFit, ringOf } from "./sections";

interface Props {
  /** Where the ring would begin: outside all there is. */
  radius: number;
  onAdd: (specs: SectionSpec[]) => void;
}

/** Blocks all around the stage, as many seats in each as there is room for. */
export function RingForm({ radius, onAdd }: Props) {
  const [ring, setRing] = useState({ name: "Block", radius, rows: 8, blocks: 8 });
  const columns = columnsThatFit(ring.radius || radius, ring.blocks || 1);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd(ringOf({ ...ring, columns }));
  };
  const number = (name: "radius" | "rows" | "blocks", label: string, min: number, max: number) => (
    <Field
      label={label}
      type="number"
      min={min}
      max={max}
      required
      value={Number.isFinite(ring[name]) ? ring[name] : ""}
      onChange={(event) => setRing({ ...ring, [name]: event.target.valueAsNumber })}
    />
  );
  return (
    <form onSubmit={submit} className="grid gap-5">
      <Field
        label="Name of the blocks"
        hint="Each gets its number behind it."
        required
        maxLength={70}
        value={ring.name}
        onChange={(event) => setRing({ ...ring, name: event.target.value })}
      />
      <div className="grid grid-cols-3 gap-4">
        {number("blocks", "Blocks", 1, 40)}
        {number("rows", "Rows", 1, 100)}
        {number("radius", "Distance", 60, 10_000)}
      </div>
      <p className="text-sm text-soft">
        {columns} seats in the first row of a block, one more in each further row. A seat is 20 wide.
      </p>
      <Button type="submit">Add {ring.blocks || 0} blocks</Button>
    </form>
  );
}
