import { useQueryClient } from "@tanstack/react-query";
import type { Booking } from "../api/types";
import { bookingQuery } from "./api";

/** Shows a booking as it is after a change, wherever it stands. */
export function useChanged(): (booking: Booking) => void {
  const client = useQueryClient();
  return (booking) => {
    client.setQueryData(bookingQuery(booking.id).queryKey, booking);
    void client.invalidateQueries({ queryKey: ["bookings"] });
    void client.invalidateQueries({ queryKey: ["ticket"] });
  };
}
