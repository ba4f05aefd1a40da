import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Icon, type IconName } from "../ui/Icon";
import { EmptyState, ErrorState, Loading } from "../ui/states";
import { EventCalendar } from "./EventCalendar";
import { EventTile, TileSkeletons, tileGrid } from "./EventTile";
import { SearchBar } from "./SearchBar";
import { type EventSearch, eventsQuery } from "./api";
import { readEventSearch } from "./search";
import { say } from "./words";

/** All events, searched and filtered, as a list or as a calendar. Each change is a new address, so that it can be shared. */
export function EventsPage() {
  useTitle(say("events"));
  const search = useSearch({ from: "/events" });
  const navigate = useNavigate();
  const change = useCallback(
    (next: EventSearch) =>
      void navigate({
        ...to.events(readEventSearch({ ...search, ...next })),
        replace: true,
        resetScroll: false,
      }),
    [navigate, search],
  );
  return (
    <div className="page py-8 sm:py-12">
      <div className="mb-6 flex flex-wrap items-end justify-between gap-3">
        <h1 className="poster text-3xl">{say("whatsOn")}</h1>
        <ViewSwitch view={search.view} onChange={(view) => change({ view })} />
      </div>
      <SearchBar search={search} onChange={change} />
      <div className="mt-8">
        {search.view === "calendar" ? (
          <EventCalendar search={search} onChange={change} />
        ) : (
          <FoundEvents search={search} onClear={() => void navigate({ ...to.events(), replace: true })} />
        )}
      </div>
    </div>
  );
}

function ViewSwitch({ view, onChange }: { view: EventSearch["view"]; onChange: (view: EventSearch["view"]) => void }) {
  const ways: [EventSearch["view"], IconName, string][] = [
    [undefined, "list", say("asList")],
    ["calendar", "calendar", say("asCalendar")],
  ];
  return (
    <div
      role="group"
      aria-label={say("ways")}
      className="flex overflow-hidden rounded-md border border-control bg-card"
    >
      {ways.map(([way, icon, name]) => (
        <button
          key={icon}
          type="button"
          aria-pressed={view === way}
          onClick={() => onChange(way)}
          className="flex min-h-11 items-center gap-2 px-3.5 text-sm font-semibold -outline-offset-3! aria-pressed:bg-ink aria-pressed:text-paper"
        >
          <Icon name={icon} />
          {name}
        </button>
      ))}
    </div>
  );
}

function FoundEvents({ search, onClear }: { search: EventSearch; onClear: () => void }) {
  const events = useInfiniteQuery({ ...eventsQuery(search), placeholderData: keepPreviousData });
  const found = events.data?.pages.flatMap((page) => page.items) ?? [];
  if (events.isPending) {
    return (
      <Loading what={say("theEvents")}>
        <TileSkeletons count={9} />
      </Loading>
    );
  }
  if (events.isError) return <ErrorState error={events.error} onRetry={() => void events.refetch()} />;
  if (found.length === 0) {
    return (
      <EmptyState
        title={say("noMatch")}
        action={
          <Button look="quiet" onClick={onClear}>
            {say("clear")}
          </Button>
        }
      >
        {say("noMatchText")}
      </EmptyState>
    );
  }
  return (
    <>
      <p className="sr-only" role="status">
        {say("shown", { count: found.length })}
      </p>
      <div className={`${tileGrid} ${events.isPlaceholderData ? "opacity-60" : ""}`}>
        {found.map((event) => (
          <EventTile key={event.id} event={event} level={2} />
        ))}
      </div>
      {events.hasNextPage && (
        <div className="mt-10 grid justify-items-center">
          <Button
            look="quiet"
            size="large"
            busy={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            {say("showMore")}
          </Button>
        </div>
      )}
    </>
  );
}
