import type { components } from "../../api/schema";
import type { Tone } from "../../ui/Card";

export type EventKind = components["schemas"]["EventKind"];
export type EndpointState = components["schemas"]["EndpointState"];
export type DeliveryState = components["schemas"]["DeliveryState"];

/** An address that is told what happens. */
export interface Endpoint {
  id: string;
  url: string;
  description: string | null;
  kinds: string[];
  state: EndpointState;
  failing_since: string | null;
  secret_overlap_until: string | null;
  created_at: string;
}

/** What can be listened to, and what it means. */
export const kinds: Record<EventKind, string> = {
  "booking.confirmed": "A booking is paid and its tickets are out",
  "booking.cancelled": "A booking is cancelled",
  "booking.reduced": "Some tickets of a booking are given back",
  "booking.changed": "A booking has other seats or names",
  "refund.completed": "Money went back",
  "ticket.transferred": "A ticket has a new holder",
  "ticket.checked_in": "Somebody came in",
  "event.created": "An event is made",
  "event.changed": "An event, its ticket types or its seats change",
  "event.published": "An event is on sale",
  "event.postponed": "An event moves to another date",
  "event.cancelled": "An event is off",
  "event.completed": "The last session of an event is over",
  "event.deleted": "An event that nobody bought is deleted",
};

export const endpointWords: Record<EndpointState, { text: string; tone: Tone }> = {
  enabled: { text: "On", tone: "good" },
  paused: { text: "Paused", tone: "warn" },
  disabled: { text: "Switched off", tone: "bad" },
};

export const deliveryWords: Record<DeliveryState, { text: string; tone: Tone }> = {
  pending: { text: "Under way", tone: "info" },
  delivered: { text: "Delivered", tone: "good" },
  failed: { text: "Failed", tone: "bad" },
  skipped: { text: "Skipped", tone: "plain" },
};

/** Why an endpoint gets nothing, or how it fares; null when all is well. */
export function troubleOf(
  { state, failing_since: since }: Endpoint,
  timeText: (instant: string) => string,
): string | null {
  if (state === "disabled")
    return "Switched off after five days without one success. Put it right, then switch it on again.";
  if (state === "paused")
    return "Messages are skipped while it is paused. Send them later from the list of deliveries.";
  return since === null ? null : `Nothing has arrived since ${timeText(since)}.`;
}

/** The host is what people know an endpoint by. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}
