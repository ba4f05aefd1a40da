import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { newKey } from "../../api/ids";
import { asProblem } from "../../api/problem";
import { EventArt } from "../../events/EventArt";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Steps } from "../../ui/Steps";
import { toast } from "../../ui/Toast";
import { forget, recall, remember } from "../../ui/storage";
import { FormProblem } from "../../users/form";
import { createEvent, myEventsQuery, venuesQuery } from "../api";
import { StepCheck } from "./StepCheck";
import { StepSale } from "./StepSale";
import { StepTickets } from "./StepTickets";
import { StepWhat } from "./StepWhat";
import { StepWhen } from "./StepWhen";
import { type Draft, emptyDraft, eventOf, faultsOf, isDraft, stepOf, steps } from "./draft";

const storage = "rushline.new-event";

/** What each page of the wizard gets. */
export interface StepProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What is wrong, by field; empty until the page is left the first time. */
  faults: Record<string, string>;
  timeZone: string;
}

/** A new event, from what it is to what it costs. What is typed stays in this tab until the event is made. */
export function NewEventPage() {
  useTitle("New event");
  const venues = useQuery(venuesQuery());
  const [typed, setDraft] = useState<Draft>(() => recall(storage, isDraft) ?? emptyDraft);
  const usual = useQuery(myEventsQuery()).data?.[0]?.currency ?? "";
  // Whoever has sold in euros sells in euros, until she says otherwise.
  const draft = typed.currency === "" ? { ...typed, currency: usual } : typed;
  const [step, setStep] = useState(0);
  const [checked, setChecked] = useState(-1);
  useEffect(() => remember(storage, typed), [typed]);
  const heading = useRef<HTMLHeadingElement>(null);
  const venue = venues.data?.find((each) => String(each.id) === draft.venueId) ?? null;
  const timeZone = venue?.time_zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const all = faultsOf(draft);
  const faults = Object.fromEntries(Object.entries(all).filter(([fault]) => stepOf(fault) <= checked));
  const create = useCreate(draft, timeZone);

  const goTo = (next: number) => {
    setStep(next);
    heading.current?.focus();
    window.scrollTo({ top: 0 });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(Math.max(checked, step));
    const first = Math.min(...Object.keys(all).map(stepOf));
    if (first <= step) goTo(first);
    else goTo(Math.min(step + 1, steps.length - 1));
  };
  const props: StepProps = { draft, change: (part) => setDraft({ ...draft, ...part }), faults, timeZone };
  const isLast = step === steps.length - 1;
  return (
    <form
      onSubmit={submit}
      noValidate
      className="grid grid-cols-1 items-start gap-8 lg:grid-cols-[minmax(0,1fr)_18rem]"
    >
      <div className="grid min-w-0 gap-6">
        <h1 ref={heading} tabIndex={-1} className="poster text-3xl outline-none">
          New event
        </h1>
        <Steps steps={steps} current={step} />
        <FormProblem problem={create.isError ? asProblem(create.error) : null} />
        {step === 0 && <StepWhat {...props} />}
        {step === 1 && <StepWhen {...props} venues={venues.data ?? []} />}
        {step === 2 && <StepTickets {...props} venue={venue} />}
        {step === 3 && <StepSale {...props} />}
        {isLast && <StepCheck {...props} venue={venue} onEdit={goTo} />}
        <div className="flex flex-wrap items-center gap-3">
          {step > 0 && (
            <Button look="quiet" onClick={() => goTo(step - 1)}>
              <Icon name="back" className="rtl:rotate-180" /> {steps[step - 1]}
            </Button>
          )}
          {isLast ? (
            <>
              <Button look="quiet" busy={create.isPending} onClick={() => create.mutate("draft")}>
                Save as a draft
              </Button>
              <Button busy={create.isPending} onClick={() => create.mutate("published")}>
                Publish now
              </Button>
            </>
          ) : (
            <Button type="submit">
              Go on: {steps[step + 1]?.toLowerCase()} <Icon name="arrow" className="rtl:rotate-180" />
            </Button>
          )}
        </div>
      </div>
      <Poster draft={draft} />
    </form>
  );
}

function useCreate(draft: Draft, timeZone: string) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const key = useRef(newKey());
  return useMutation({
    mutationFn: (status: "draft" | "published") => createEvent(eventOf(draft, timeZone, status), key.current),
    onSuccess: async (event) => {
      forget(storage);
      toast(
        "good",
        event.status === "draft" ? "Saved as a draft. Publish it when it's ready." : "Published: fans can see it now.",
      );
      void client.invalidateQueries({ queryKey: ["organise"] });
      await navigate(to.organiseEvent(event.id));
    },
    onError: (error) => {
      if (asProblem(error).status !== 0) key.current = newKey();
    },
  });
}

function Poster({ draft }: { draft: Draft }) {
  return (
    <aside className="sticky top-21 hidden lg:block">
      <p className="caption mb-2 text-soft">The poster we draw for it</p>
      <div className="overflow-hidden rounded-lg border border-line bg-card">
        <EventArt
          event={{ id: draft.name.length, name: draft.name || "New event", category: draft.category }}
          className="aspect-4/3 w-full"
        />
        <p className="poster p-4 text-2xl break-words">{draft.name || "Your event"}</p>
      </div>
    </aside>
  );
}
