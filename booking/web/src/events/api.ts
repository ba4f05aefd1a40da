import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { serverNow } from "../api/clock";
import { request, requestPage } from "../api/client";

export type EventSort = "date" | "-date" | "price" | "-price" | "name";

/** What a fan may search for; every value is optional and lives in the page's address. */
export interface EventSearch {
  q?: string;
  category?: string;
  from?: string;
  to?: string;
  min_price?: number;
  max_price?: number;
  available?: boolean;
  sort?: EventSort;
}

const pageSize = 24;

/** Events that match a search, a page at a time. */
export const eventsQuery = (search: EventSearch) =>
  infiniteQueryOptions({
    queryKey: ["events", search],
    queryFn: ({ pageParam, signal }) =>
      requestPage("/api/v1/events", {
        query: {
          ...search,
          ...bounds(search),
          cursor: pageParam,
          limit: pageSize,
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    staleTime: 10_000,
  });

/** Days chosen in the reader's own calendar, as instants: from today on unless she says otherwise, the last day included. */
export function bounds(search: Pick<EventSearch, "from" | "to">): {
  from: string;
  to?: string;
} {
  const from = search.from ? new Date(`${search.from}T00:00:00`) : new Date(serverNow());
  from.setHours(0, 0, 0, 0);
  const end = search.to ? new Date(`${search.to}T00:00:00`) : undefined;
  end?.setDate(end.getDate() + 1);
  return { from: from.toISOString(), to: end?.toISOString() };
}

/** What the home page shows: the next events, soonest first. */
export const upcomingQuery = () =>
  queryOptions({
    queryKey: ["events", "upcoming"],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events", {
        query: { ...bounds({}), sort: "date", limit: 13 },
        signal,
      }),
    staleTime: 10_000,
  });

export const eventQuery = (id: number) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events/{id}", {
        path: { id },
        signal,
      }),
    staleTime: 5_000,
  });

export const sessionQuery = (id: number) =>
  queryOptions({
    queryKey: ["session", id],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/sessions/{id}", {
        path: { id },
        signal,
      }),
    staleTime: 5_000,
  });
