import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import type { Layout, SectionSpec, Venue } from "../../api/types";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button, buttonClass } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { EmptyState, ErrorState, Loading, Skeleton } from "../../ui/states";
import { layoutQuery, venuesQuery } from "../api";
import { PlanPreview } from "./PlanPreview";
import { SectionForm } from "./SectionForm";
import { SectionList } from "./SectionList";
import { Templates } from "./Templates";
import { createLayout } from "./api";
import { capacityOf } from "./plan";
import { faultsOf } from "./sections";
import { usePlanEditor } from "./usePlanEditor";

/** A seating plan made of sections, seen as it grows. */
export function PlanPage() {
  const id = Number(useParams({ from: "/organise/venues/$venueId/plan" }).venueId);
  const { layout } = useSearch({ from: "/organise/venues/$venueId/plan" });
  const venues = useQuery(venuesQuery());
  const venue = venues.data?.find((each) => each.id === id);
  useTitle(venue && `Seats of ${venue.name}`);
  if (venues.isPending) {
    return (
      <Loading what="the venue" className="grid gap-4">
        <Skeleton className="h-20" />
        <Skeleton className="h-96" />
      </Loading>
    );
  }
  if (venues.isError) return <ErrorState level={1} error={venues.error} onRetry={() => void venues.refetch()} />;
  if (venue === undefined) {
    return (
      <EmptyState
        level={1}
        title="There is no such venue"
        action={
          <Link {...to.venues()} className={buttonClass("quiet")}>
            All venues
          </Link>
        }
      />
    );
  }
  const edited = venue.layouts.find((each) => each.id === layout);
  return edited ? <SavedPlan key={edited.id} venue={venue} layout={edited} /> : <Editor key={id} venue={venue} />;
}

/** A saved plan, taken up again: what it was made of is loaded, and saving makes its next version. */
function SavedPlan({ venue, layout }: { venue: Venue; layout: Layout }) {
  const plan = useQuery(layoutQuery(layout.id));
  if (plan.isPending) {
    return (
      <Loading what="the plan">
        <Skeleton className="h-96" />
      </Loading>
    );
  }
  if (plan.isError) return <ErrorState level={1} error={plan.error} onRetry={() => void plan.refetch()} />;
  const { sections_spec: specs } = plan.data;
  if (specs) return <Editor venue={venue} edited={{ layout, specs }} />;
  return (
    <EmptyState
      level={1}
      title="This plan can't be edited here"
      action={
        <Link {...to.planImport(venue.id)} className={buttonClass("primary")}>
          Import its next version
        </Link>
      }
    >
      It was not drawn here: change the file it came from, and import that under the same name.
    </EmptyState>
  );
}

interface EditorProps {
  venue: Venue;
  edited?: { layout: Layout; specs: SectionSpec[] };
}

function Editor({ venue, edited }: EditorProps) {
  const editor = usePlanEditor(venue.id, edited && { layout: edited.layout.id, specs: edited.specs });
  const [name, setName] = useState(edited?.layout.name ?? (venue.layouts.length === 0 ? "Standard" : ""));
  const [isChecked, setChecked] = useState(false);
  const specs = editor.sections.map(({ spec }) => spec);
  const faults = faultsOf(specs);
  const save = useSave(venue, editor.clear);
  const submit = () => {
    setChecked(true);
    if (name.trim() !== "" && Object.keys(faults).length === 0) save.mutate({ name: name.trim(), specs });
  };
  return (
    <div className="grid grid-cols-1 gap-6">
      <div>
        <Link {...to.venues()} className="inline-flex min-h-9 items-center gap-2 text-sm text-soft hover:text-ink">
          <Icon name="back" className="rtl:rotate-180" /> Venues
        </Link>
        <h1 className="poster text-3xl break-words">Seats of {venue.name}</h1>
      </div>
      {specs.length === 0 ? (
        <Templates onChoose={(sections) => editor.add(sections)} />
      ) : (
        <>
          <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <PlanPreview editor={editor} />
            <div className="grid gap-4">
              <SectionList editor={editor} faults={faults} />
              {editor.chosen && (
                <SectionForm key={editor.chosen.key} editor={editor} section={editor.chosen} faults={faults} />
              )}
            </div>
          </div>
          <SaveBar
            name={name}
            onName={setName}
            known={venue.layouts.some((layout) => layout.name === name.trim())}
            nameFault={isChecked && name.trim() === "" ? "Name the plan." : undefined}
            problem={save.isError ? asProblem(save.error) : null}
            fault={isChecked ? (faults["sections"] ?? firstOf(faults)) : undefined}
            seats={capacityOf(specs)}
            isBusy={save.isPending}
            onSave={submit}
          />
        </>
      )}
    </div>
  );
}

const firstOf = (faults: Record<string, string>): string | undefined =>
  Object.keys(faults).length > 0 ? "A section needs another look: it is marked in the list." : undefined;

function useSave(venue: Venue, onSaved: () => void) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ name, specs }: { name: string; specs: Parameters<typeof createLayout>[2] }) =>
      createLayout(venue.id, name, specs),
    onSuccess: async (layout) => {
      toast("good", `${layout.name} is saved: ${layout.seats.toLocaleString()} seats.`);
      await client.invalidateQueries({ queryKey: venuesQuery().queryKey });
      await navigate(to.venues());
      onSaved();
    },
  });
}

interface SaveBarProps {
  name: string;
  onName: (name: string) => void;
  /** A plan of this name exists: this becomes its next version. */
  known: boolean;
  nameFault: string | undefined;
  problem: ReturnType<typeof asProblem> | null;
  fault: string | undefined;
  seats: number;
  isBusy: boolean;
  onSave: () => void;
}

function SaveBar({ name, onName, known, nameFault, problem, fault, seats, isBusy, onSave }: SaveBarProps) {
  return (
    <div className="grid gap-4 border-t border-line pt-6">
      {problem && (
        <Notice tone="bad" title={problem.title}>
          {problem.status === 404
            ? "This venue belongs to another organiser: add it as your own first."
            : problem.message}
        </Notice>
      )}
      {fault && <Notice tone="warn" title={fault} />}
      <div className="grid items-start gap-4 sm:grid-cols-[1fr_auto]">
        <Field
          label="Name of the plan"
          value={name}
          maxLength={100}
          error={nameFault}
          hint={
            known
              ? "A plan of this name exists: this becomes its next version. Events keep the seats they were made with."
              : "Such as “Standard” or “In the round”."
          }
          onChange={(event) => onName(event.target.value)}
        />
        <Button size="normal" className="sm:mt-7" busy={isBusy} onClick={onSave}>
          Save {seats.toLocaleString()} seats
        </Button>
      </div>
    </div>
  );
}
