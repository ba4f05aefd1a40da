import { Field, TextArea } from "../../ui/Field";
import { CategoryField } from "../EventFields";
import type { StepProps } from "./NewEventPage";
import { Section } from "./Section";

export function StepWhat({ draft, change, faults }: StepProps) {
  return (
    <Section title="What is it?">
      <Field
        label="Name"
        required
        maxLength={200}
        value={draft.name}
        error={faults["name"]}
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextArea
        label="Description"
        value={draft.description}
        maxLength={5000}
        hint="What fans read before they buy: who plays, how long, who may come."
        onChange={(event) => change({ description: event.target.value })}
      />
      <CategoryField value={draft.category} onChange={(category) => change({ category })} />
    </Section>
  );
}
