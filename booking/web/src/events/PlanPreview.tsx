import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { isAdmitted } from "../admission/tokens";
import type { EventDetail, Session } from "../api/types";
import { to } from "../paths";
import { seatsQuery } from "../seats/api";
import { useNow } from "../ui/clock";
import { Skeleton } from "../ui/states";
import { isOnSale, saleState } from "./sale";
import { say } from "./words";

const PlanPicture = lazy(() => import("../seats/PlanPicture"));

/** Where the seats are and where some are left, before the seat page is opened. The page does not wait for it. */
export function PlanPreview({ event }: { event: EventDetail }) {
  const now = useNow(10_000);
  const session = event.sessions.find((each) => each.seated);
  const [frame, isSeen] = useSeen();
  const seats = useQuery({ ...seatsQuery(session?.id ?? 0), enabled: isSeen && session !== undefined });
  if (session === undefined || seats.isError) return null;
  const mayEnter = isOnSale(saleState(event, now)) && (!event.room || isAdmitted(event.room, now));
  const picture = seats.data ? (
    <Suspense fallback={<Skeleton className="size-full" />}>
      <PlanPicture snapshot={seats.data} />
    </Suspense>
  ) : (
    <Skeleton className="size-full" />
  );
  return (
    <section aria-labelledby="plan">
      <h2 id="plan" className="heading mb-3 text-2xl">
        {say("plan")}
      </h2>
      <p className="mb-3 text-soft">{planText(session)}</p>
      <div ref={frame} className="aspect-4/3 overflow-hidden rounded-lg border border-line bg-sunk sm:aspect-16/9">
        {mayEnter ? (
          <Link {...to.session(session.id)} aria-label={say("pickSeats")} className="block size-full">
            {picture}
          </Link>
        ) : (
          picture
        )}
      </div>
    </section>
  );
}

const planText = ({ remaining_tickets, total_tickets }: Session): string =>
  say("planText", { free: remaining_tickets, total: total_tickets });

/** Has the element been near the screen? The seats of a stadium are not fetched for readers who never come that far. */
function useSeen() {
  const element = useRef<HTMLDivElement>(null);
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    if (element.current === null) return;
    const watch = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) setSeen(true);
      },
      { rootMargin: "100px" },
    );
    watch.observe(element.current);
    return () => watch.disconnect();
  }, []);
  return [element, isSeen] as const;
}
