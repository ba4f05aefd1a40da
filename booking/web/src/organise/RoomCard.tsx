import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { queueAddress } from "../admission/tokens";
import { asProblem } from "../api/problem";
import type { Room, RoomState } from "../api/rooms";
import { Button } from "../ui/Button";
import { Badge, Card, type Tone } from "../ui/Card";
import { Dialog } from "../ui/Dialog";
import { Field } from "../ui/Field";
import { Icon, type IconName } from "../ui/Icon";
import { toast } from "../ui/Toast";
import { actOnRoom, changeRoom, type RoomAct } from "./api";

const states: Record<RoomState, { text: string; tone: Tone }> = {
  scheduled: { text: "Scheduled", tone: "plain" },
  lobby: { text: "Lobby", tone: "info" },
  open: { text: "Open", tone: "good" },
  paused: { text: "Paused", tone: "warn" },
  draining: { text: "Draining", tone: "warn" },
  closed: { text: "Closed", tone: "plain" },
  bypass: { text: "Bypass: everyone walks in", tone: "bad" },
};

/** A waiting room's live figures and its levers. Pausing is one press; what can't be taken back is asked twice. */
export function RoomCard({ room, level }: { room: Room; level: 2 | 3 }) {
  const Heading = `h${level}` as const;
  const state = states[room.state];
  return (
    <Card className="overflow-hidden">
      <div className="flex flex-wrap items-start justify-between gap-3 p-5">
        <div>
          <Heading className="text-lg font-bold">{room.name}</Heading>
          <a href={queueAddress(room.id)} className="text-sm text-soft underline hover:text-ink">
            /queue/{room.id}
          </a>
        </div>
        <Badge tone={state.tone}>{state.text}</Badge>
      </div>
      <dl className="grid grid-cols-3 border-y border-line">
        <Figure label="Waiting" value={room.waiting} />
        <Figure label="Called so far" value={room.serving} />
        <Figure label={`In the shop, of ${room.cap.toLocaleString()}`} value={room.admitted} />
      </dl>
      <div className="grid gap-5 p-5 lg:grid-cols-[1fr_auto]">
        <RateForm room={room} />
        <Levers room={room} />
      </div>
    </Card>
  );
}

function Figure({ label, value }: { label: string; value: number }) {
  return (
    <div className="flex flex-col border-line p-4 not-first:border-s sm:p-5">
      <dt className="caption text-soft">{label}</dt>
      <dd className="poster figures text-3xl">{value.toLocaleString()}</dd>
    </div>
  );
}

function useRefresh() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["organise", "rooms"] });
}

function RateForm({ room }: { room: Room }) {
  const refresh = useRefresh();
  const change = useMutation({
    mutationFn: (form: FormData) =>
      changeRoom(room, {
        rate_per_minute: Number(form.get("rate")),
        cap: Number(form.get("cap")),
      }),
    onSuccess: () => {
      toast("good", "The new pace holds from now on.");
      void refresh();
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    change.mutate(new FormData(event.currentTarget));
  };
  return (
    <form key={`${room.rate_per_minute}/${room.cap}`} onSubmit={submit} className="flex flex-wrap items-end gap-3">
      <Field
        label="People a minute"
        name="rate"
        type="number"
        min={1}
        max={100_000}
        required
        defaultValue={room.rate_per_minute}
        className="w-36"
      />
      <Field
        label="At most inside"
        name="cap"
        type="number"
        min={1}
        max={1_000_000}
        required
        defaultValue={room.cap}
        className="w-36"
      />
      <Button type="submit" look="quiet" busy={change.isPending}>
        Set pace
      </Button>
    </form>
  );
}

const levers: Record<RoomState, RoomAct[]> = {
  scheduled: ["open"],
  lobby: ["open"],
  open: ["pause", "drain", "close"],
  paused: ["resume", "drain", "close"],
  draining: ["open", "close"],
  closed: ["open"],
  bypass: ["open", "close"],
};

const leverWords: Record<RoomAct, { text: string; icon: IconName; ask?: string }> = {
  open: { text: "Open", icon: "door" },
  pause: { text: "Pause", icon: "pause" },
  resume: { text: "Resume", icon: "play" },
  drain: {
    text: "Drain",
    icon: "filter",
    ask: "Nobody new can join the line; those who wait are still let in.",
  },
  close: {
    text: "Close",
    icon: "cross",
    ask: "Everyone still waiting loses their place.",
  },
  bypass: {
    text: "Bypass",
    icon: "people",
    ask: "Everyone walks straight into the shop.",
  },
};

function Levers({ room }: { room: Room }) {
  const refresh = useRefresh();
  const [asked, setAsked] = useState<RoomAct | null>(null);
  const act = useMutation({
    mutationFn: (which: RoomAct) => actOnRoom(room.id, which),
    onSuccess: () => {
      setAsked(null);
      void refresh();
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <div className="flex flex-wrap items-end gap-2">
      {levers[room.state].map((which, index) => {
        const { text, icon, ask } = leverWords[which];
        return (
          <Button
            key={which}
            look={index === 0 ? "strong" : "quiet"}
            busy={act.isPending && act.variables === which}
            onClick={() => (ask ? setAsked(which) : act.mutate(which))}
          >
            <Icon name={icon} /> {text}
          </Button>
        );
      })}
      <Dialog
        open={asked !== null}
        title={asked ? `${leverWords[asked].text} “${room.name}”?` : ""}
        onClose={() => setAsked(null)}
      >
        <p className="mb-5 text-soft">{asked && leverWords[asked].ask}</p>
        <div className="grid gap-2 sm:grid-cols-2">
          <Button look="danger" busy={act.isPending} onClick={() => asked && act.mutate(asked)}>
            {asked && leverWords[asked].text}
          </Button>
          <Button look="strong" onClick={() => setAsked(null)}>
            Leave it as it is
          </Button>
        </div>
      </Dialog>
    </div>
  );
}
