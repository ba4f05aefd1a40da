import { useQueries, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { serverNow } from "../../api/clock";
import type { EventStats } from "../../api/types";
import { to } from "../../paths";
import { useTitle } from "../../shell/title";
import { buttonClass } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "../../ui/states";
import { isAdmin, useAccount } from "../../users/session";
import { myEventsQuery, statsQuery } from "../api";
import { EventShares } from "./EventShares";
import { House } from "./House";
import { Lines } from "./Lines";
import { SalesNow } from "./SalesNow";
import { System } from "./System";
import { watchedOf } from "./rollup";

/** Events whose figures are looked at together: each is a question every few seconds. */
const mostEvents = 8;

/** How everything goes, at a glance: for admins the whole house, for organisers their own events. */
export function OverviewPage() {
  useTitle("Overview");
  const { user } = useAccount();
  return (
    <div className="grid grid-cols-1 gap-8">
      <div className="flex flex-wrap items-center justify-between gap-4">
        <h1 className="poster text-3xl">Overview</h1>
        <Link {...to.newEvent()} className={buttonClass("primary")}>
          <Icon name="plus" /> New event
        </Link>
      </div>
      {isAdmin(user) && <House />}
      <OnSale withTotals={!isAdmin(user)} />
      <Lines />
      {isAdmin(user) && <System />}
    </div>
  );
}

/** The events on sale that sell most, and their figures. */
function OnSale({ withTotals }: { withTotals: boolean }) {
  const events = useQuery(myEventsQuery());
  const watched = watchedOf(events.data ?? [], serverNow(), mostEvents);
  const answers = useQueries({ queries: watched.map(({ id }) => statsQuery(id)) });
  const stats = answers.flatMap(({ data }): EventStats[] => (data ? [data] : []));
  if (events.isPending || (stats.length === 0 && answers.some(({ isPending }) => isPending))) {
    return (
      <Loading what="the figures" className="grid gap-4">
        <Skeleton className="h-28" />
        <Skeleton className="h-64" />
      </Loading>
    );
  }
  if (events.isError) return <ErrorState error={events.error} onRetry={() => void events.refetch()} />;
  if (watched.length === 0) {
    return (
      <EmptyState
        title="Nothing on sale"
        action={
          <Link {...to.myEvents()} className={buttonClass("quiet")}>
            See all events
          </Link>
        }
      >
        Publish an event: its sales, seats and check-ins then show here as they happen.
      </EmptyState>
    );
  }
  return (
    <>
      <SalesNow stats={stats} withTotals={withTotals} />
      <EventShares events={watched} stats={stats} />
    </>
  );
}
