import { queryOptions } from "@tanstack/react-query";
import { Problem } from "../api/problem";
import type { Booking, EventBrief, HeldSeat, Hold, SessionBrief } from "../api/types";
import { request } from "../api/client";

/** What the checkout shows, whether it was reached with a hold or with a booking not yet paid. */
export interface Order {
  /** The hold to book, null once there is a booking. */
  hold: string | null;
  booking: string | null;
  event: EventBrief | null;
  session: SessionBrief | null;
  sessionId: number;
  seats: HeldSeat[];
  total_minor: number;
  currency: string;
  expires_at: string | null;
  extendable: boolean;
  /** Already paid: nothing to do here. */
  isSettled: boolean;
}

export function orderOfHold(hold: Hold): Order {
  const session = typeof hold.session === "number" ? null : hold.session;
  return {
    hold: hold.id,
    booking: hold.booking_id ?? null,
    event: hold.event ?? null,
    session,
    sessionId: typeof hold.session === "number" ? hold.session : hold.session.id,
    seats: hold.seats,
    total_minor: hold.total_minor,
    currency: hold.currency,
    expires_at: hold.expires_at,
    extendable: hold.extendable,
    isSettled: false,
  };
}

export function orderOfBooking(booking: Booking): Order {
  return {
    hold: null,
    booking: booking.id,
    event: booking.event,
    session: booking.session,
    sessionId: booking.session.id,
    seats: booking.seats,
    total_minor: booking.total_minor,
    currency: booking.currency,
    expires_at: booking.hold_expires_at,
    extendable: false,
    isSettled: booking.status !== "pending",
  };
}

/** The order behind an id, which is a hold's or, when paying was broken off, a booking's. */
export const orderQuery = (id: string) =>
  queryOptions({
    queryKey: ["order", id],
    queryFn: async ({ signal }): Promise<Order> => {
      try {
        return orderOfHold(
          await request<Hold>("GET", "/api/v1/holds/{id}", {
            path: { id },
            signal,
          }),
        );
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
      }
      return orderOfBooking(
        await request<Booking>("GET", "/api/v1/bookings/{id}", {
          path: { id },
          signal,
        }),
      );
    },
    staleTime: 15_000,
  });
