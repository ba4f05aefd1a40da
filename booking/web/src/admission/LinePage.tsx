import { useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTitle } from "../shell/title";
import { Loading, Skeleton } from "../ui/states";
import { goToLine } from "./line";
import { say } from "./words";

/** Where a line sends those it needs an account from: signed in, they go straight back to it. */
export function LinePage() {
  const { room } = useParams({ from: "/line/$room" });
  useTitle(say("toTheLine"));
  useEffect(() => void goToLine(room, (address) => window.location.replace(address)), [room]);
  return (
    <Loading what={say("theLine")} className="page grid max-w-md gap-7 py-10 sm:py-16">
      <h1 className="poster text-3xl">{say("toTheLine")}</h1>
      <Skeleton className="h-40" />
    </Loading>
  );
}
