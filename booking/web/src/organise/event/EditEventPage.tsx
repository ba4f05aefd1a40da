import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import type { EventDetail } from "../../api/types";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button, buttonClass } from "../../ui/Button";
import { Notice } from "../../ui/Card";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { ErrorState, Loading, Skeleton } from "../../ui/states";
import { FormProblem } from "../../users/form";
import { changeEvent, editedQuery, statsQuery } from "../api";
import { EditFields } from "./EditFields";
import { changeOf, differing, type Edited, editedOf, faultsOf, fieldNames } from "./change";

/** Changes an event: everything before the first sale, afterwards all but what buyers were promised. */
export function EditEventPage() {
  const id = Number(useParams({ from: "/organise/events/$eventId/edit" }).eventId);
  const event = useQuery(editedQuery(id));
  useTitle(event.data && `Change ${event.data.body.name}`);
  if (event.data === undefined) {
    return event.isError ? (
      <ErrorState level={1} error={event.error} onRetry={() => void event.refetch()} />
    ) : (
      <Loading what="the event" className="grid gap-4">
        <Skeleton className="h-16" />
        <Skeleton className="h-96" />
      </Loading>
    );
  }
  return (
    <EditForm
      key={id}
      event={event.data.body}
      version={event.data.version}
      onReload={async () => (await event.refetch()).data?.body}
    />
  );
}

interface FormProps {
  event: EventDetail;
  version: string | null;
  /** Reads the event again; what was typed stays. */
  onReload: () => Promise<EventDetail | undefined>;
}

function EditForm({ event, version, onReload }: FormProps) {
  const base = editedOf(event);
  const [mine, setMine] = useState<Partial<Edited>>({});
  const [theirs, setTheirs] = useState<(keyof Edited)[]>([]);
  const [isChecked, setChecked] = useState(false);
  const stats = useQuery(statsQuery(event.id));
  const edited: Edited = { ...base, ...mine };
  const faults = faultsOf(edited, event.currency);
  const isChanged = differing(base, edited).length > 0;
  const save = useSave(event, base, edited, version);
  const problem = save.isError ? asProblem(save.error) : null;
  const isOverrun = problem?.slug === "changed-meanwhile";

  const submit = (submitted: FormEvent) => {
    submitted.preventDefault();
    setChecked(true);
    if (Object.keys(faults).length === 0) save.mutate();
  };
  const reload = async () => {
    const now = await onReload();
    if (now === undefined) return;
    setTheirs(differing(base, editedOf(now)));
    save.reset();
  };
  return (
    <form onSubmit={submit} noValidate className="grid max-w-3xl grid-cols-1 gap-6">
      <div>
        <Link
          {...to.organiseEvent(event.id)}
          className="inline-flex min-h-9 items-center gap-2 text-sm text-soft hover:text-ink"
        >
          <Icon name="back" className="rtl:rotate-180" /> {event.name}
        </Link>
        <h1 className="poster text-3xl">Change the event</h1>
      </div>
      {isOverrun ? (
        <Notice tone="warn" title="Somebody else changed this event">
          <p className="mb-3">Nothing of yours is lost: look at the newer version, then save again.</p>
          <Button look="strong" size="small" onClick={() => void reload()}>
            Load the newer version
          </Button>
        </Notice>
      ) : (
        <FormProblem problem={problem} />
      )}
      {theirs.length > 0 && (
        <Notice tone="info" title="The newer version is loaded">
          Somebody else changed {theirs.map((name) => fieldNames[name]).join(", ")}. Your own changes are still here.
        </Notice>
      )}
      <EditFields
        event={event}
        edited={edited}
        taken={(stats.data?.sold ?? 0) + (stats.data?.held ?? 0)}
        faults={isChecked ? faults : {}}
        onChange={(part) => setMine({ ...mine, ...part })}
      />
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={save.isPending} disabled={!isChanged}>
          Save the changes
        </Button>
        <Link {...to.organiseEvent(event.id)} className={buttonClass("quiet")}>
          Leave it as it was
        </Link>
      </div>
    </form>
  );
}

function useSave(event: EventDetail, base: Edited, edited: Edited, version: string | null) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: () => changeEvent(event.id, changeOf(base, edited, event.currency), version),
    onSuccess: async () => {
      toast("good", "Changed. Fans see it from now on.");
      void client.invalidateQueries({ queryKey: ["event", event.id] });
      void client.invalidateQueries({ queryKey: ["events"] });
      void client.invalidateQueries({ queryKey: ["organise"] });
      await navigate(to.organiseEvent(event.id));
    },
  });
}
