import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { asProblem } from "../api/problem";
import type { Door } from "../api/types";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Field } from "../ui/Field";
import { EmptyState, ErrorState, Loading, Skeleton } from "../ui/states";
import { dateBlock, timeText } from "../ui/time";
import { desk, useDesk } from "./useDesk";

const gateNameKey = "rushline.gate.name";
const gateChars = 40;
/** From so many performances on there is a field to find one. */
const searchFrom = 7;

/** Which door, and what this gate is called. */
export function GateSetup() {
  const doors = useQuery({ queryKey: ["gate", "doors"], queryFn: () => desk.doors() });
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-6 px-4 py-6 sm:py-10">
      <div className="flex items-start justify-between gap-4">
        <div>
          <h1 className="poster text-3xl">Open a gate</h1>
          <p className="mt-2 max-w-prose text-soft">
            The list of tickets is taken along, so that the gate works on when the network doesn't.
          </p>
        </div>
        <a href="/" className={buttonClass("quiet", "small", "shrink-0")}>
          To the shop
        </a>
      </div>
      {doors.isPending && (
        <Loading what="the performances" className="grid gap-3">
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
          <Skeleton className="h-20" />
        </Loading>
      )}
      {doors.isError && <ErrorState error={doors.error} onRetry={() => void doors.refetch()} />}
      {doors.data?.length === 0 && (
        <EmptyState title="No doors to open">
          Performances on sale appear here until twelve hours after their end.
        </EmptyState>
      )}
      {doors.data && doors.data.length > 0 && <OpenForm doors={doors.data} />}
    </div>
  );
}

function OpenForm({ doors }: { doors: readonly Door[] }) {
  const { fetched } = useDesk();
  const [session, setSession] = useState(doors[0]?.session ?? 0);
  const [gate, setGate] = useState(() => localStorage.getItem(gateNameKey) ?? "");
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const shown = doors.filter((door) =>
    `${door.event_name} ${door.venue}`.toLowerCase().includes(words.toLowerCase().trim()),
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const door = doors.find((each) => each.session === session);
    if (door === undefined) return;
    const name = gate.trim() || "Main";
    localStorage.setItem(gateNameKey, name);
    setProblem(null);
    desk.openDoor(door, name).catch((error: unknown) => setProblem(asProblem(error).message));
  };

  return (
    <form onSubmit={submit} className="grid grid-cols-1 gap-6">
      <fieldset className="grid min-w-0 grid-cols-1 gap-3">
        <legend className="heading mb-3 text-xl">Which performance?</legend>
        {doors.length >= searchFrom && (
          <Field
            label="Find a performance"
            hideLabel
            type="search"
            placeholder="Event or venue"
            value={words}
            onChange={(change) => setWords(change.target.value)}
          />
        )}
        <div className="-m-1 grid max-h-[26rem] grid-cols-1 gap-2 overflow-y-auto p-1">
          {shown.map((door) => (
            <DoorChoice
              key={door.session}
              door={door}
              isChosen={door.session === session}
              onChoose={() => setSession(door.session)}
            />
          ))}
          {shown.length === 0 && <p className="py-4 text-soft">No performance with these words.</p>}
        </div>
      </fieldset>
      <Field
        label="This gate's name"
        placeholder="North"
        maxLength={gateChars}
        autoComplete="off"
        value={gate}
        onChange={(change) => setGate(change.target.value)}
        hint="Told to the other gates when a ticket comes a second time. Give each gate its own."
      />
      {problem !== null && (
        <Notice tone="bad" title="The gate isn't open yet">
          {problem}
        </Notice>
      )}
      <div className="sticky bottom-0 -mx-4 border-t border-line bg-paper p-4">
        <Button type="submit" size="large" busy={fetched !== null} className="w-full">
          {fetched === null ? "Open the gate" : `Taking ${fetched} tickets along`}
        </Button>
      </div>
    </form>
  );
}

function DoorChoice({ door, isChosen, onChoose }: { door: Door; isChosen: boolean; onChoose: () => void }) {
  const { day, month } = dateBlock(door.starts_at, door.time_zone);
  return (
    <label
      className={`flex items-center gap-4 rounded-lg border bg-card p-3 pe-4 has-focus-visible:outline-3 has-focus-visible:outline-offset-2 has-focus-visible:outline-info ${
        isChosen ? "border-ink ring-1 ring-ink" : "border-line hover:border-control"
      }`}
    >
      <input type="radio" name="door" checked={isChosen} onChange={onChoose} className="sr-only" />
      <span className="grid w-14 shrink-0 justify-items-center rounded-md bg-sunk py-2">
        <span className="poster text-xl leading-none">{day}</span>
        <span className="caption text-soft">{month}</span>
      </span>
      <span className="min-w-0 flex-1">
        <span className="block truncate font-semibold">{door.event_name}</span>
        <span className="block truncate text-sm text-soft">
          {[`${timeText(door.starts_at, "time", door.time_zone)}`, door.venue, door.room_name]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span
        aria-hidden="true"
        className={`grid size-5 shrink-0 place-items-center rounded-full border-2 ${isChosen ? "border-ink" : "border-control"}`}
      >
        {isChosen && <span className="size-2.5 rounded-full bg-flare" />}
      </span>
    </label>
  );
}
