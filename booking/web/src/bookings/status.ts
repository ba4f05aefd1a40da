import type { BookingStatus } from "../api/types";
import type { Tone } from "../ui/Card";

/** How a booking's state is called and coloured, everywhere. */
export const statusWords: Record<BookingStatus, { text: string; tone: Tone }> = {
  pending: { text: "Not paid yet", tone: "warn" },
  confirmed: { text: "Confirmed", tone: "good" },
  completed: { text: "Been there", tone: "plain" },
  expired: { text: "Expired", tone: "plain" },
  cancelled: { text: "Cancelled", tone: "bad" },
  refunded: { text: "Refunded", tone: "info" },
};

/** The same for a state the API names as plain text; one we don't know is shown as it is. */
export const statusOf = (status: string): { text: string; tone: Tone } =>
  (statusWords as Record<string, { text: string; tone: Tone }>)[status] ?? { text: status, tone: "plain" };
