import type { EventDetail, OwnTicketType } from "../../api/types";

/** The event with every ticket type of its own, also those that the public does not see. */
export const withOwnTypes = (event: EventDetail, types: readonly OwnTicketType[]): EventDetail => ({
  ...event,
  sessions: event.sessions.map((session) => ({
    ...session,
    ticket_types: types.filter((type) => type.session === session.id),
  })),
});
