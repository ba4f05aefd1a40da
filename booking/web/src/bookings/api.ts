import { queryOptions } from "@tanstack/react-query";
import { request } from "../api/client";
import type { Booking, BookingChange, PaymentResult } from "../api/types";

export const bookingsQuery = () =>
  queryOptions({
    queryKey: ["bookings"],
    queryFn: ({ signal }) => request("GET", "/api/v1/bookings", { signal }),
  });

const settlingPollMs = 2_000;

/** One booking; while a payment is being confirmed it is asked for every two seconds. */
export const bookingQuery = (id: string) =>
  queryOptions({
    queryKey: ["booking", id],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/bookings/{booking}", {
        path: { booking: id },
        signal,
      }),
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? settlingPollMs : false),
  });

/** Turns a hold into a pending booking. The hold is the key: repeating it can only give the same booking. */
export const createBooking = (hold: string): Promise<Booking> =>
  request("POST", "/api/v1/bookings", {
    body: { hold_id: hold },
    idempotencyKey: `book-${hold}`,
  });

export const payBooking = (id: string, card: string, key: string): Promise<PaymentResult> =>
  request("POST", "/api/v1/bookings/{booking}/payment", {
    path: { booking: id },
    body: { method: "card", card_number: card },
    idempotencyKey: key,
  }) as Promise<unknown> as Promise<PaymentResult>;

/** What comes back for a booking, or for some of its tickets (by their codes). */
export const refundQuoteQuery = (id: string, tickets: readonly string[] | null) =>
  queryOptions({
    queryKey: ["booking", id, "refund-quote", tickets],
    queryFn: ({ signal }) =>
      request("GET", "/api/v1/bookings/{booking}/refund-quote", {
        path: { booking: id },
        query: tickets === null ? {} : { tickets: tickets.join(",") },
        signal,
      }),
    staleTime: 0,
  });

/** Cancels a booking, or gives some of its tickets back; without codes all of them. */
export const cancelBooking = (id: string, tickets: readonly string[] | null): Promise<Booking> =>
  request("POST", "/api/v1/bookings/{booking}/cancel", {
    path: { booking: id },
    ...(tickets === null ? {} : { body: { tickets: [...tickets] } }),
    idempotencyKey: `cancel-${id}${tickets === null ? "" : `-${[...tickets].sort().join("-")}`}`,
  });

/** Changes names on tickets, or gives seats for others of the same price; all of it or nothing. */
export const changeBooking = (id: string, change: BookingChange): Promise<Booking> =>
  request("PATCH", "/api/v1/bookings/{booking}", { path: { booking: id }, body: change });

/** All tickets of a booking in one file, a page each. */
export const ticketsAddress = (id: string): string => `/api/v1/bookings/${encodeURIComponent(id)}/tickets.pdf`;

export const calendarAddress = (id: string): string => `/api/v1/bookings/${encodeURIComponent(id)}/calendar.ics`;
