import type { BookingStatus } from "../api/types";
import type { Tone } from "../ui/Card";
import { say } from "./words";

const tones: Record<BookingStatus, Tone> = {
  pending: "warn",
  confirmed: "good",
  completed: "plain",
  expired: "plain",
  cancelled: "bad",
  refunded: "info",
};

const isKnown = (status: string): status is BookingStatus => Object.hasOwn(tones, status);

/** How a booking's state is called and coloured, everywhere; one we don't know is shown as it is. */
export const statusOf = (status: string): { text: string; tone: Tone } =>
  isKnown(status) ? { text: say(status), tone: tones[status] } : { text: status, tone: "plain" };
