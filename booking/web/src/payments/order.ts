import { queryOptions } from "@tanstack/react-query";
import { Problem } from "../api/problem";
import type { Booking, EventBrief, HeldSeat, Hold, PriceParts, SessionBrief } from "../api/types";
import { request } from "../api/client";

/** What the checkout shows, whether it was reached with a hold or with a booking not yet paid. */
export interface Order {
  /** The hold to book, null once there is a booking. */
  hold: string | null;
  booking: string | null;
  event: EventBrief;
  session: SessionBrief;
  seats: HeldSeat[];
  total_minor: number;
  price: PriceParts;
  currency: string;
  expires_at: string | null;
  extendable: boolean;
  /** Already paid: nothing to do here. */
  isSettled: boolean;
}

export function orderOfHold(hold: Hold): Order {
  return {
    hold: hold.id,
    booking: hold.booking_id ?? null,
    event: hold.event,
    session: hold.session,
    seats: hold.seats,
    total_minor: hold.total_minor,
    price: hold,
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
    seats: booking.seats,
    total_minor: booking.total_minor,
    price: booking,
    currency: booking.currency,
    expires_at: booking.hold_expires_at ?? null,
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
          await request("GET", "/api/v1/holds/{hold}", {
            path: { hold: id },
            signal,
          }),
        );
      } catch (error) {
        if (!(error instanceof Problem) || error.status !== 404) throw error;
      }
      return orderOfBooking(
        await request("GET", "/api/v1/bookings/{booking}", {
          path: { booking: id },
          signal,
        }),
      );
    },
    staleTime: 15_000,
  });
