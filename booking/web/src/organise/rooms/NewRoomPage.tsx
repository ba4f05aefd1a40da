import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import type { RoomSettings } from "../../api/rooms";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { Button } from "../../ui/Button";
import { Card } from "../../ui/Card";
import { Field, Select } from "../../ui/Field";
import { toast } from "../../ui/Toast";
import { FormProblem } from "../../users/form";
import { guardEvent, myEventsQuery } from "../api";
import { createRoom, roomsQuery } from "./api";
import { slugOf } from "./rules";

/** A pace that one small server bears; the rest is set where the line is watched. */
const usual = {
  rate_per_minute: 60,
  cap: 100,
  claim_window_s: 60,
  session_length_s: 600,
  deferral_s: 300,
  grace_s: 60,
  idle_percent: 0,
  one_per_account: false,
  draw: false,
  lanes: null,
  theme: {},
  entry: {},
  message: null,
  lobby_at: null,
  opens_at: null,
  closes_at: null,
} satisfies Partial<RoomSettings>;

/** A new waiting room: what it is for and its address. It opens when an operator says so, unless a schedule is set. */
export function NewRoomPage() {
  useTitle("New waiting room");
  const client = useQueryClient();
  const navigate = useNavigate();
  const events = useQuery(myEventsQuery());
  const rooms = useQuery({ ...roomsQuery(), refetchInterval: false });
  const [event, setEvent] = useState("");
  const [id, setId] = useState("");
  const isTaken = rooms.data?.some((room) => room.id === id) ?? false;
  const create = useMutation({
    mutationFn: (form: FormData) =>
      createRoom(id, { ...usual, name: String(form.get("name")), event, booking_url: `/events/${event}` }),
    onSuccess: async (room) => {
      await guardEvent(Number(event), room.id).then(
        () => toast("good", "The room is there, and the sale is behind it. Open it when you are ready."),
        (error: unknown) =>
          toast("bad", `The room is there, but the event could not be put behind it: ${asProblem(error).message}`),
      );
      void client.invalidateQueries({ queryKey: ["organise"] });
      await navigate(to.room(room.id));
    },
  });
  const problem = create.isError ? asProblem(create.error) : null;
  const submit = (submitted: FormEvent<HTMLFormElement>) => {
    submitted.preventDefault();
    if (!isTaken) create.mutate(new FormData(submitted.currentTarget));
  };
  return (
    <form onSubmit={submit} className="grid max-w-2xl gap-6">
      <h1 className="poster text-3xl">New waiting room</h1>
      <FormProblem problem={problem} />
      <Card className="grid gap-5 p-5 sm:p-6">
        <Select
          label="Before the sale of"
          required
          value={event}
          hint="From then on it sells only to people whom the room lets in."
          onChange={(change) => setEvent(change.target.value)}
        >
          <option value="">Choose an event…</option>
          {(events.data ?? []).map((each) => (
            <option key={each.id} value={each.id}>
              {each.name}
            </option>
          ))}
        </Select>
        <Field
          label="Name"
          name="name"
          required
          maxLength={500}
          hint="What people in the line read."
          error={problem?.fields["name"]}
          onChange={(change) => setId(slugOf(change.target.value))}
        />
        <Field
          label="Address"
          required
          pattern="[a-z0-9\-]{1,64}"
          title="a–z, 0–9 and -"
          value={id}
          hint={`The line will be at /queue/${id || "…"}`}
          error={isTaken ? "There is a room at this address. Choose another one." : undefined}
          onChange={(change) => setId(change.target.value)}
        />
      </Card>
      <Button type="submit" size="large" busy={create.isPending} className="justify-self-start">
        Set it up
      </Button>
    </form>
  );
}
