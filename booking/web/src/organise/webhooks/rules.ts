import type { Delivery, Endpoint, NewWebhook } from "../../api/types";
import type { Tone } from "../../ui/Card";

type EndpointState = Endpoint["state"];
export type DeliveryState = Delivery["state"];
export type EventKind = NewWebhook["kinds"][number];

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

const endpointWords: Record<EndpointState, { text: string; tone: Tone }> = {
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

/** How an endpoint stands, in words. */
export const stateOf = ({ state }: Endpoint) => endpointWords[state];

/** What became of a delivery, in words. */
export const outcomeOf = ({ state }: Pick<Delivery, "state">) => deliveryWords[state];

/** Why an endpoint gets nothing, or how it fares; null when all is well. */
export function troubleOf(
  { state, failing_since: since }: Endpoint,
  timeText: (instant: string) => string,
): string | null {
  if (state === "disabled")
    return "Switched off after five days without one success. Put it right, then switch it on again.";
  if (state === "paused")
    return "Messages are skipped while it is paused. Send them later from the list of deliveries.";
  return since == null ? null : `Nothing has arrived since ${timeText(since)}.`;
}

/** The host is what people know an endpoint by. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return url;
  }
}

/** A message as people read it: the members of its JSON, one a line. What is sent has no spaces. */
export function bodyText(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
