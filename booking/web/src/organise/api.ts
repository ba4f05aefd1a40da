import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { request, requestPage, requestVersion } from "../api/client";
import type {
  Booking,
  EventChange,
  EventDetail,
  LayoutPlan,
  NewEvent,
  NewPromoCode,
  NewTicketType,
  Postponement,
  PromoCodeReport,
  TakenBack,
  TicketType,
  TicketTypeChange,
} from "../api/types";
import type { Question } from "./reports/report";

/** The organiser's own events, drafts and cancelled ones too; all there are for admins. */
export const myEventsQuery = () =>
  queryOptions({
    queryKey: ["organise", "events"],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events", {
        query: { mine: true, limit: 100 },
        signal,
      }),
  });

export const venuesQuery = () =>
  queryOptions({
    queryKey: ["organise", "venues"],
    queryFn: ({ signal }) => request("GET", "/api/v1/venues", { signal }),
    staleTime: 60_000,
  });

export const layoutQuery = (layout: number) =>
  queryOptions({
    queryKey: ["organise", "layout", layout],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/layouts/{id}", {
        path: { id: layout },
        signal,
      }) as Promise<LayoutPlan>,
    staleTime: Number.POSITIVE_INFINITY,
  });

const statsPollMs = 3_000;

export const statsQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "stats", event],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/events/{id}/stats", {
        path: { id: event },
        signal,
      }),
    refetchInterval: statsPollMs,
  });

/** A report; while its figures are chosen the last answer stays, as long as its rows stand for the same. */
export const reportQuery = (question: Question) =>
  queryOptions({
    queryKey: ["organise", "report", question],
    queryFn: ({ signal }) => request("GET", "/api/v1/reports", { query: question, signal }),
    placeholderData: (last) => (last?.by === question.by ? last : undefined),
    staleTime: 30_000,
  });

const attendeesPage = (event: number, q: string, cursor: string | null, limit: number, signal?: AbortSignal) =>
  requestPage("/api/v1/events/{id}/attendees", {
    path: { id: event },
    query: { q, cursor, limit },
    ...(signal ? { signal } : {}),
  });

export const attendeesQuery = (event: number, q: string) =>
  infiniteQueryOptions({
    queryKey: ["organise", "attendees", event, q],
    queryFn: ({ pageParam, signal }) => attendeesPage(event, q, pageParam, 50, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** A page of attendees for a file. */
export const attendeesForFile = (event: number, q: string) => (cursor: string | null) =>
  attendeesPage(event, q, cursor, 500);

/** Takes back a booking of one's event, past every deadline; without a sum all that was paid for it goes back. */
export const takeBack = (event: number, booking: string, how: TakenBack): Promise<Booking> =>
  request("POST", "/api/v1/events/{id}/bookings/{booking}/cancel", { path: { id: event, booking }, body: how });

export const createEvent = (event: NewEvent, key: string): Promise<EventDetail> =>
  request("POST", "/api/v1/events", { body: event, idempotencyKey: key });

/** An event with its version, for a change that must not overwrite somebody else's. */
export const editedQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "edited", event],
    queryFn: ({ signal }) => requestVersion("/api/v1/events/{id}", { path: { id: event }, signal }),
    // A form is filled in from it: it is read again only when it has to be.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

export const changeEvent = (event: number, change: EventChange, version: string | null): Promise<EventDetail> =>
  request("PATCH", "/api/v1/events/{id}", { path: { id: event }, body: change, ifMatch: version ?? "*" });

/** Puts a waiting room before an event's sale, whatever else was changed meanwhile. */
export const guardEvent = (event: number, room: string): Promise<EventDetail> => changeEvent(event, { room }, null);

export type EventAct = "publish" | "cancel";

export const actOnEvent = (event: number, act: EventAct): Promise<EventDetail> =>
  request("POST", `/api/v1/events/{id}/${act}`, { path: { id: event } });

/** A draft with the same sessions and tickets; with a date, all of them as far from it as they were. */
export const cloneEvent = (event: number, name: string, date: string): Promise<EventDetail> =>
  request("POST", "/api/v1/events/{id}/clone", {
    path: { id: event },
    body: { name, ...(date === "" ? {} : { event_date: date }) },
  });

/** Moves an event that is on sale; its ticket holders get a mail and may have their money back. */
export const postponeEvent = (event: number, to: Postponement): Promise<EventDetail> =>
  request("POST", "/api/v1/events/{id}/postpone", { path: { id: event }, body: to });

export const addTicketType = (session: number, type: NewTicketType): Promise<TicketType> =>
  request("POST", "/api/v1/sessions/{id}/ticket-types", { path: { id: session }, body: type });

export const changeTicketType = (type: number, change: TicketTypeChange): Promise<TicketType> =>
  request("PATCH", "/api/v1/ticket-types/{id}", { path: { id: type }, body: change });

/** Every ticket type of one's event, those too that the public does not see. */
export const ownTypesQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "types", event],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/{id}/ticket-types", { path: { id: event }, signal }),
  });

/** Takes away a ticket type of which nobody ever held one. */
export const deleteTicketType = (type: number): Promise<undefined> =>
  request("DELETE", "/api/v1/ticket-types/{id}", { path: { id: type } });

/** Who says that she comes, what was said afterwards, and who waits for a ticket. */
export const rsvpsQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "rsvps", event],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/{id}/rsvp", { path: { id: event }, signal }),
  });

export const feedbackQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "feedback", event],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/{id}/feedback", { path: { id: event }, signal }),
  });

export const demandQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "demand", event],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/{id}/waiting-list", { path: { id: event }, signal }),
  });

/** The promo codes of an event, and what came of them. */
export const promosQuery = (event: number) =>
  queryOptions({
    queryKey: ["organise", "promos", event],
    queryFn: ({ signal }) => request("GET", "/api/v1/events/{id}/promo-codes", { path: { id: event }, signal }),
  });

export const addPromo = (event: number, code: NewPromoCode): Promise<PromoCodeReport> =>
  request("POST", "/api/v1/events/{id}/promo-codes", { path: { id: event }, body: code });

/** Takes a code back: it works no more; what was bought or is held with it stays. */
export const withdrawPromo = (code: number): Promise<undefined> =>
  request("DELETE", "/api/v1/promo-codes/{id}", { path: { id: code } });

/** Deletes an event of which nobody ever held a place. */
export const deleteEvent = (event: number): Promise<undefined> =>
  request("DELETE", "/api/v1/events/{id}", { path: { id: event } });
