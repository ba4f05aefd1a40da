import { useState } from "react";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { FormProblem, useForm } from "../../users/form";
import { Check } from "../rooms/Check";
import type { Endpoint, NewWebhook } from "../../api/types";
import { type EventKind, kinds } from "./rules";

const allKinds = Object.keys(kinds) as EventKind[];

interface Props {
  endpoint?: Endpoint;
  onSave: (values: Required<NewWebhook>) => Promise<void>;
}

/** Where messages go, and which. */
export function EndpointForm({ endpoint, onSave }: Props) {
  const [chosen, setChosen] = useState<readonly EventKind[]>(endpoint?.kinds ?? ["booking.confirmed"]);
  const form = useForm((value) =>
    onSave({ url: value("url").trim(), description: value("description").trim(), kinds: [...chosen] }),
  );
  const toggle = (kind: EventKind) =>
    setChosen(allKinds.filter((each) => (each === kind ? !chosen.includes(kind) : chosen.includes(each))));
  return (
    <form onSubmit={form.submit} className="grid gap-5">
      <FormProblem problem={form.problem} />
      <Field
        label="Address"
        name="url"
        type="url"
        required
        maxLength={2000}
        defaultValue={endpoint?.url}
        placeholder="https://"
        hint="Begins with https:// and is open to the internet."
        error={form.errorOf("url")}
      />
      <Field
        label="What it is for"
        name="description"
        maxLength={200}
        defaultValue={endpoint?.description ?? ""}
        error={form.errorOf("description")}
      />
      <fieldset className="grid gap-1">
        <legend className="mb-1 text-sm font-semibold">Tell it when</legend>
        {allKinds.map((kind) => (
          <Check
            key={kind}
            label={kinds[kind]}
            hint={kind}
            checked={chosen.includes(kind)}
            onChange={() => toggle(kind)}
          />
        ))}
        {form.errorOf("kinds") && <p className="text-sm font-medium text-bad">{form.errorOf("kinds")}</p>}
      </fieldset>
      <Button type="submit" busy={form.isBusy} disabled={chosen.length === 0}>
        {endpoint ? "Save" : "Add it"}
      </Button>
    </form>
  );
}
