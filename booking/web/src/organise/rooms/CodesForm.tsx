import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import type { Room } from "../../api/rooms";
import { Button } from "../../ui/Button";
import { Field, Select, TextArea } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../../users/form";
import { codesQuery, createCodes } from "./api";
import { wishOf } from "./codes";

/** Makes access codes and shows them, once: the server keeps no code that could be read. */
export function CodesForm({ room }: { room: Room }) {
  const client = useQueryClient();
  const [isOwn, setOwn] = useState(false);
  const make = useMutation({
    mutationFn: (form: FormData) => createCodes(room.id, wishOf(form)),
    onSuccess: () => void client.invalidateQueries({ queryKey: codesQuery(room.id).queryKey }),
  });
  const problem = make.isError ? asProblem(make.error) : null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    make.mutate(new FormData(event.currentTarget));
  };
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <div className="grid gap-5 sm:grid-cols-2 lg:grid-cols-3">
        <Select label="Codes" value={isOwn ? "own" : "made"} onChange={(event) => setOwn(event.target.value === "own")}>
          <option value="made">Made up by us</option>
          <option value="own">My own words</option>
        </Select>
        {!isOwn && (
          <Field
            label="How many"
            name="count"
            type="number"
            min={1}
            max={1000}
            required
            defaultValue={10}
            error={problem?.fields["count"]}
          />
        )}
        <Select label="For the lane" name="lane">
          {(room.lanes ?? []).map((lane) => (
            <option key={lane.name}>{lane.name}</option>
          ))}
        </Select>
        <Field
          label="Places each gives"
          name="uses_max"
          type="number"
          min={1}
          max={1_000_000}
          required
          defaultValue={1}
        />
        <Field label="Good until" name="expires_at" type="datetime-local" hint="Empty: always." />
        <Field
          label="Note"
          name="label"
          maxLength={64}
          placeholder="Fan club, mail of May"
          error={problem?.fields["label"]}
        />
      </div>
      {isOwn && (
        <TextArea
          label="The codes, one a line"
          name="codes"
          required
          hint="4 to 64 letters and digits each. Capitals, blanks and hyphens don’t count."
          error={
            problem?.fields["codes"] ??
            Object.entries(problem?.fields ?? {}).find(([at]) => at.startsWith("codes/"))?.[1]
          }
        />
      )}
      <Button type="submit" look="strong" busy={make.isPending} className="justify-self-start">
        Make codes
      </Button>
      {make.data && <MadeCodes codes={make.data.codes} added={make.data.added} />}
    </form>
  );
}

function MadeCodes({ codes, added }: { codes: string[]; added: number }) {
  const text = codes.join("\n");
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => toast("good", "Copied."),
      () => toast("bad", "The browser doesn’t allow copying here. Select the codes and copy them."),
    );
  return (
    <div role="status" className="grid gap-3 rounded-lg bg-info-wash p-4">
      <p>
        <strong>
          {added === codes.length ? `${added.toLocaleString()} made.` : `${added} of ${codes.length} are new.`}
        </strong>{" "}
        Copy them now: they can’t be shown again.
      </p>
      <TextArea label="The codes" readOnly rows={Math.min(8, codes.length + 1)} value={text} />
      <Button look="quiet" size="small" className="justify-self-start" onClick={() => void copy()}>
        <Icon name="list" /> Copy all
      </Button>
    </div>
  );
}
