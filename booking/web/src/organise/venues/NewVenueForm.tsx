import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useId } from "react";
import { to } from "../../paths";
import { Button } from "../../ui/Button";
import { Field } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem, useForm } from "../../users/form";
import { venuesQuery } from "../api";
import { createVenue } from "./api";

const zones = Intl.supportedValuesOf("timeZone");

/** Adds a venue, and goes on to draw its seats. */
export function NewVenueForm() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const list = useId();
  const { submit, isBusy, problem, errorOf } = useForm(async (value) => {
    const venue = await createVenue({
      name: value("name"),
      address: value("address"),
      time_zone: value("time_zone"),
    });
    void client.invalidateQueries({ queryKey: venuesQuery().queryKey });
    toast("good", `${venue.name} is there. Draw its seats, or leave it as standing room.`);
    await navigate(to.seatPlan(venue.id));
  });
  return (
    <form onSubmit={submit} className="grid gap-5">
      <FormProblem problem={problem} />
      <Field label="Name" name="name" required maxLength={200} error={errorOf("name")} />
      <Field label="Street and city" name="address" maxLength={300} error={errorOf("address")} />
      <Field
        label="Time zone"
        name="time_zone"
        required
        list={list}
        defaultValue={new Intl.DateTimeFormat().resolvedOptions().timeZone}
        hint="All times of its events are told by this clock."
        error={errorOf("time_zone")}
      />
      <datalist id={list}>
        {zones.map((zone) => (
          <option key={zone} value={zone}>
            {zone}
          </option>
        ))}
      </datalist>
      <Button type="submit" busy={isBusy}>
        Add the venue
      </Button>
    </form>
  );
}
