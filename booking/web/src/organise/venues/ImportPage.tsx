import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type ChangeEvent, useEffect, useState } from "react";
import { asProblem } from "../../api/problem";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/Button";
import { Card, Notice } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { venuesQuery } from "../api";
import { MappingTable } from "./MappingTable";
import { ReportOfImport } from "./ReportOfImport";
import {
  type Choice,
  formatOf,
  importPlan,
  mappingOf,
  nameOf,
  type PlanFormat,
  tryImport,
  unreadable,
} from "./imports";

interface Chosen {
  format: PlanFormat;
  text: string;
}

/** A seating plan from a file: looked at first, told what its shapes mean, then saved. */
export function ImportPage() {
  useTitle("Import a plan");
  const venue = Number(useParams({ from: "/organise/venues/$venueId/import" }).venueId);
  const found = useQuery(venuesQuery()).data?.find(({ id }) => id === venue);
  const [file, setFile] = useState<Chosen | null>(null);
  const [name, setName] = useState("");
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const look = useMutation({ mutationFn: tryImport });
  const save = useSave();
  const wanted = (chosen: Chosen, picked: readonly Choice[], called: string) => ({
    venue,
    ...chosen,
    name: called,
    mapping: mappingOf(picked),
  });
  const take = async (change: ChangeEvent<HTMLInputElement>) => {
    const picked = change.target.files?.[0];
    if (picked === undefined) return;
    const format = formatOf(picked.name);
    const text = await picked.text();
    const why = unreadable(format, text);
    if (format === null || why !== null) return toast("bad", why ?? "");
    const chosen = { format, text };
    const called = name.trim() || nameOf(picked.name);
    setFile(chosen);
    setName(called);
    setChoices([]);
    save.reset();
    look.mutate(wanted(chosen, [], called));
  };
  const problem = look.isError ? asProblem(look.error) : save.isError ? asProblem(save.error) : null;
  return (
    <div className="grid grid-cols-1 gap-6">
      <div>
        <Link {...to.venues()} className="inline-flex min-h-9 items-center gap-2 text-sm text-soft hover:text-ink">
          <Icon name="back" className="rtl:rotate-180" /> Venues
        </Link>
        <h1 className="poster text-3xl break-words">Import a plan{found && ` for ${found.name}`}</h1>
      </div>
      <Card className="grid gap-5 p-5 sm:grid-cols-2">
        <Field
          label="File"
          type="file"
          accept=".svg,.json,.csv,image/svg+xml,application/json,text/csv"
          hint="A drawing (SVG), a pretix seating plan (JSON), or a table of seats (CSV: section, row, seat, x, y). Nothing is saved yet."
          className="[&_input]:py-2"
          onChange={(change) => void take(change)}
        />
        <Field
          label="Name of the plan"
          value={name}
          maxLength={100}
          hint={
            found?.layouts.some((layout) => layout.name === name.trim())
              ? "A plan of this name exists: this becomes its next version."
              : "Such as “Standard”."
          }
          onChange={(change) => setName(change.target.value)}
        />
      </Card>
      {problem && <Faults title={problem.title} detail={problem.detail} fields={problem.fields} />}
      {look.data && file && (
        <>
          <ReportOfImport report={look.data} />
          {file.format === "svg" && <Drawing svg={file.text} />}
          {file.format === "svg" && (
            <MappingTable
              found={look.data.found}
              choices={choices}
              onChoices={setChoices}
              isBusy={look.isPending}
              onTry={() => look.mutate(wanted(file, choices, name.trim()))}
            />
          )}
          <Button
            size="large"
            className="justify-self-start"
            busy={save.isPending}
            disabled={look.data.seats === 0 || name.trim() === ""}
            onClick={() => save.mutate(wanted(file, choices, name.trim()))}
          >
            Save {look.data.seats.toLocaleString()} seats
          </Button>
        </>
      )}
    </div>
  );
}

/** The drawing as a picture: in a picture nothing of a file runs. */
function Drawing({ svg }: { svg: string }) {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [svg]);
  return (
    <Card className="p-4">
      <img src={address} alt="The drawing in the file" className="mx-auto max-h-96 w-full rounded-sm object-contain" />
    </Card>
  );
}

function useSave() {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: importPlan,
    onSuccess: async (layout) => {
      toast("good", `${layout.name} is saved: ${layout.seats.toLocaleString()} seats.`);
      await client.invalidateQueries({ queryKey: venuesQuery().queryKey });
      await navigate(to.venues());
    },
  });
}

/** Faults shown at once; a broken file may have thousands. */
const shown = 20;

function Faults({ title, detail, fields }: { title: string; detail: string; fields: Record<string, string> }) {
  const faults = Object.entries(fields);
  return (
    <Notice tone="bad" title={title}>
      {detail}
      {faults.length > 0 && (
        <ul className="mt-2 list-disc ps-5">
          {faults.slice(0, shown).map(([where, what]) => (
            <li key={where}>
              <span className="font-mono text-xs">{where}</span>: {what}
            </li>
          ))}
          {faults.length > shown && <li>and {(faults.length - shown).toLocaleString()} more</li>}
        </ul>
      )}
    </Notice>
  );
}
