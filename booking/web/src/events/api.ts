import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { request, requestPage } from "../api/client";
import { bounds, upcoming } from "./bounds";

export type EventSort = "date" | "-date" | "price" | "-price" | "name";

/** What a fan may search for; every value is optional and lives in the page's address. */
export interface EventSearch {
  q?: string;
  category?: string;
  from?: string;
  to?: string;
  min_price?: number;
  max_price?: number;
  ticket_type?: string;
  available?: boolean;
  sort?: EventSort;
  /** How the result is shown. */
  view?: "calendar";
  /** The calendar's month, `2026-11`. */
  month?: string;
}

const pageSize = 24;

/** What the server is asked for: how it is shown is the page's own affair. */
const filtersOf = ({ view: _view, month: _month, ...filters }: EventSearch) => filters;

/** Events that match a search, a page at a time. */
export const eventsQuery = (search: EventSearch) =>
  infiniteQueryOptions({
    queryKey: ["events", filtersOf(search)],
    queryFn: ({ pageParam, signal }) =>
      requestPage("/api/v1/events", {
        query: {
          ...filtersOf(search),
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

/** A day of the reader's calendar as `2026-11-21`. */
export const dayText = (date: Date): string =>
  [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");

/** A month of the calendar, filtered like the list: its days with something on, each by the venue's own date. */
export const calendarQuery = (month: string, search: EventSearch) => {
  const { from: _from, to: _to, sort: _sort, ...filters } = filtersOf(search);
  return queryOptions({
    queryKey: ["events", "calendar", month, filters],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/calendar", { query: { ...filters, month }, signal }),
    staleTime: 10_000,
  });
};

/** The dates of one performance, for the reader's own calendar. */
export const sessionCalendar = (session: number): string => `/api/v1/sessions/${session}/calendar.ics`;

/** What the home page shows: the next events, soonest first. */
export const upcomingQuery = () =>
  queryOptions({
    queryKey: ["events", "upcoming"],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events", {
        query: upcoming(),
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
