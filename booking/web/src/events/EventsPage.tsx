import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useState } from "react";
import { to } from "../paths";
import { useTitle } from "../shell/title";
import { Button } from "../ui/Button";
import { Field, Select } from "../ui/Field";
import { Icon } from "../ui/Icon";
import { EmptyState, ErrorState, Loading } from "../ui/states";
import { EventTile, TileSkeletons, tileGrid } from "./EventTile";
import { type EventSearch, eventsQuery } from "./api";
import { filterCount, readEventSearch } from "./search";

const categories = ["concert", "festival", "sports", "theatre", "comedy", "conference", "movie", "other"];

export function EventsPage() {
  useTitle("Events");
  const search = useSearch({ from: "/events" });
  const navigate = useNavigate();
  const events = useInfiniteQuery({
    ...eventsQuery(search),
    placeholderData: keepPreviousData,
  });
  const change = (next: EventSearch) =>
    void navigate({
      ...to.events(readEventSearch({ ...search, ...next })),
      replace: true,
      resetScroll: false,
    });
  const found = events.data?.pages.flatMap((page) => page.items) ?? [];

  return (
    <div className="page py-8 sm:py-12">
      <h1 className="poster mb-6 text-3xl">What's on</h1>
      <SearchBar search={search} onChange={change} />
      <div className="mt-8">
        {events.isPending ? (
          <Loading what="events">
            <TileSkeletons count={9} />
          </Loading>
        ) : events.isError ? (
          <ErrorState error={events.error} onRetry={() => void events.refetch()} />
        ) : found.length === 0 ? (
          <EmptyState
            title="No event matches"
            action={
              <Button look="quiet" onClick={() => void navigate({ ...to.events(), replace: true })}>
                Clear the search
              </Button>
            }
          >
            Try other words, other dates or a wider price range.
          </EmptyState>
        ) : (
          <>
            <p className="sr-only" role="status">
              {found.length} events shown
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
                  Show more events
                </Button>
              </div>
            )}
          </>
        )}
      </div>
    </div>
  );
}

interface SearchProps {
  search: EventSearch;
  onChange: (next: EventSearch) => void;
}

/** Words, order and filters; each change is a new address, so that a search can be shared and returned to. */
function SearchBar({ search, onChange }: SearchProps) {
  const [words, setWords] = useState(search.q ?? "");
  const [isOpen, setOpen] = useState(filterCount(search) > 0);
  useEffect(() => setWords(search.q ?? ""), [search.q]);
  useEffect(() => {
    if (words.trim() === (search.q ?? "")) return;
    const timer = setTimeout(() => onChange({ q: words }), 300);
    return () => clearTimeout(timer);
  }, [words, search.q, onChange]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onChange({ q: words });
  };
  const count = filterCount(search);
  return (
    <form role="search" onSubmit={submit} className="grid gap-4">
      <div className="flex flex-wrap gap-3">
        <div className="relative min-w-56 flex-1">
          <Icon name="search" className="pointer-events-none absolute start-3.5 top-3 z-10 text-soft" />
          <input
            type="search"
            value={words}
            onChange={(change) => setWords(change.target.value)}
            placeholder="Artist, team, show or venue"
            aria-label="Search events"
            className="h-11 w-full rounded-md border border-control bg-card ps-11 pe-3 placeholder:text-soft hover:border-ink"
          />
        </div>
        <Button look="quiet" aria-expanded={isOpen} aria-controls="filters" onClick={() => setOpen(!isOpen)}>
          <Icon name="filter" />
          Filters{count > 0 && ` · ${count}`}
        </Button>
        <Select
          label="Order"
          hideLabel
          value={search.sort ?? "date"}
          onChange={(change) => onChange({ sort: change.target.value as EventSearch["sort"] })}
          className="max-sm:flex-1"
        >
          <option value="date">Soonest first</option>
          <option value="-date">Latest first</option>
          <option value="price">Cheapest first</option>
          <option value="-price">Dearest first</option>
          <option value="name">By name</option>
        </Select>
      </div>
      {isOpen && <Filters search={search} onChange={onChange} />}
    </form>
  );
}

function Filters({ search, onChange }: SearchProps) {
  const price = (value: string) => (value === "" ? undefined : Number(value));
  return (
    <div
      id="filters"
      className="grid animate-rise grid-cols-2 gap-x-4 gap-y-4 rounded-lg border border-line bg-card p-4 sm:grid-cols-3 lg:grid-cols-6"
    >
      <Select
        label="Kind"
        className="max-sm:col-span-2"
        value={search.category ?? ""}
        onChange={(change) => onChange({ category: change.target.value })}
      >
        <option value="">All kinds</option>
        {[...new Set([...categories, search.category ?? "other"])].map((category) => (
          <option key={category} value={category}>
            {category.charAt(0).toUpperCase() + category.slice(1)}
          </option>
        ))}
      </Select>
      <Field
        label="From"
        type="date"
        value={search.from ?? ""}
        onChange={(change) => onChange({ from: change.target.value })}
      />
      <Field
        label="Until"
        type="date"
        value={search.to ?? ""}
        onChange={(change) => onChange({ to: change.target.value })}
      />
      <Field
        label="Lowest price"
        type="number"
        min={0}
        inputMode="decimal"
        placeholder="0"
        value={search.min_price ?? ""}
        onChange={(change) => onChange({ min_price: price(change.target.value) })}
      />
      <Field
        label="Highest price"
        type="number"
        min={0}
        inputMode="decimal"
        placeholder="Any"
        value={search.max_price ?? ""}
        onChange={(change) => onChange({ max_price: price(change.target.value) })}
      />
      <label className="flex min-h-11 items-center gap-2.5 self-end text-sm font-semibold max-sm:col-span-2">
        <input
          type="checkbox"
          className="size-5 accent-(--flare-ink)"
          checked={search.available ?? false}
          onChange={(change) => onChange({ available: change.target.checked ? true : undefined })}
        />
        Tickets left only
      </label>
    </div>
  );
}
