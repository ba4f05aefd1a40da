import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { asProblem } from "../api/problem";
import type { WaitingEntry } from "../api/types";
import { to } from "../paths";
import { Button, buttonClass } from "../ui/Button";
import { Notice } from "../ui/Card";
import { Countdown } from "../ui/Countdown";
import { Stepper } from "../ui/Field";
import { toast } from "../ui/Toast";
import { useAccount } from "../users/session";
import { entryQuery, joinList, leaveList } from "./api";
import { say } from "./words";

interface Props {
  session: number;
  /** The page to come back to after signing in. */
  here: string;
  /** Tickets one person may have. */
  most: number;
}

/** For a session that is sold out: join its list, see where one stands, take what is offered. */
export function WaitingList({ session, here, most }: Props) {
  const { status } = useAccount();
  const entry = useQuery({ ...entryQuery(session), enabled: status === "signed-in" });
  if (status !== "signed-in") {
    return (
      <div className="grid gap-3">
        <p className="text-sm text-soft">{say("text")}</p>
        <Link {...to.login(here)} className={buttonClass("quiet", "normal", "w-full")}>
          {say("signIn")}
        </Link>
      </div>
    );
  }
  const mine = entry.data;
  if (mine?.state === "offered" && mine.hold_id) return <Offer entry={mine} hold={mine.hold_id} session={session} />;
  if (mine?.state === "waiting") return <Standing entry={mine} session={session} />;
  return <Join session={session} most={most} hasLapsed={mine?.state === "lapsed"} />;
}

function Join({ session, most, hasLapsed }: { session: number; most: number; hasLapsed: boolean }) {
  const client = useQueryClient();
  const [wanted, setWanted] = useState(1);
  const join = useMutation({
    mutationFn: () => joinList(session, wanted),
    onSuccess: (entry) => client.setQueryData(entryQuery(session).queryKey, entry),
  });
  return (
    <div className="grid gap-3">
      {hasLapsed && (
        <Notice tone="warn" title={say("lapsed")}>
          {say("lapsedText")}
        </Notice>
      )}
      <p className="text-sm text-soft">{say("text")}</p>
      {join.isError && (
        <Notice tone="bad" title={asProblem(join.error).title}>
          {asProblem(join.error).detail}
        </Notice>
      )}
      <div className="flex flex-wrap items-center gap-3">
        <Stepper label={say("howMany")} value={wanted} min={1} max={most} onChange={setWanted} />
        <Button look="strong" className="flex-1" busy={join.isPending} onClick={() => join.mutate()}>
          {say("join")}
        </Button>
      </div>
    </div>
  );
}

function Standing({ entry, session }: { entry: WaitingEntry; session: number }) {
  return (
    <div className="grid gap-3">
      <Notice tone="info" title={say("joined")}>
        {entry.position != null && say("position", { position: entry.position, count: entry.waiting })}
      </Notice>
      <LeaveButton session={session} />
    </div>
  );
}

function Offer({ entry, hold, session }: { entry: WaitingEntry; hold: string; session: number }) {
  return (
    <div className="grid gap-3">
      <Notice tone="good" title={say("offered")}>
        {entry.offer_expires_at &&
          say.rich("offeredText", { time: <Countdown until={entry.offer_expires_at} className="font-bold" /> })}
      </Notice>
      <Link {...to.checkout(hold)} className={buttonClass("primary", "large", "w-full")}>
        {say("buy")}
      </Link>
      <LeaveButton session={session} />
    </div>
  );
}

function LeaveButton({ session }: { session: number }) {
  const client = useQueryClient();
  const leave = useMutation({
    mutationFn: () => leaveList(session),
    onSuccess: () => {
      client.setQueryData(entryQuery(session).queryKey, null);
      toast("info", say("left"));
    },
    onError: (error) => toast("bad", asProblem(error).message),
  });
  return (
    <Button
      look="plain"
      size="small"
      className="justify-self-start"
      busy={leave.isPending}
      onClick={() => leave.mutate()}
    >
      {say("leave")}
    </Button>
  );
}
