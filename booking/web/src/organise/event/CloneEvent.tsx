import { useNavigate } from "@tanstack/react-router";
import { useQueryClient } from "@tanstack/react-query";
import type { EventDetail } from "../../api/types";
import { to } from "../../paths";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem, useForm } from "../../users/form";
import { cloneEvent } from "../api";
import { venueLocal } from "../local";

/** Makes a draft like the event, at another date. */
export function CloneEvent({ event, open, onClose }: { event: EventDetail; open: boolean; onClose: () => void }) {
  return (
    <Dialog open={open} title={`Clone ${event.name}`} onClose={onClose}>
      <CloneForm event={event} onDone={onClose} />
    </Dialog>
  );
}

function CloneForm({ event, onDone }: { event: EventDetail; onDone: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const zone = event.venue_details.time_zone;
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const made = await cloneEvent(event.id, value("name"), value("event_date"));
    void client.invalidateQueries({ queryKey: ["organise", "events"] });
    onDone();
    toast("good", "Here is the copy: a draft with the same dates, tickets and seats.");
    await navigate(to.organiseEvent(made.id));
  });
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <p className="text-soft">A draft with the same tickets and seats, without a waiting room.</p>
      <Field label="Name" name="name" required maxLength={200} defaultValue={event.name} error={errorOf("name")} />
      <Field
        label="Starts"
        name="event_date"
        type="datetime-local"
        required
        defaultValue={venueLocal(event.event_date, zone)}
        hint={`By the venue’s clock (${zone.replaceAll("_", " ")}). Further dates keep their distance.`}
        error={errorOf("event_date")}
      />
      <Button type="submit" busy={isBusy}>
        Make the copy
      </Button>
    </form>
  );
}
