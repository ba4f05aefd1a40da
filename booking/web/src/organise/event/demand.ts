import type { EventDetail, WaitingListDemand } from "../../api/types";

/** A line of the waiting list with the names of what is waited for. */
export interface Demand {
  key: string;
  startsAt: string;
  timeZone: string;
  /** Null for those who take any ticket. */
  type: string | null;
  people: number;
  tickets: number;
  offered: number;
}

/** Who waits for what, by the event's own words; the longest wait first. */
export const demandOf = (event: Pick<EventDetail, "sessions">, demand: readonly WaitingListDemand[]): Demand[] =>
  demand
    .flatMap(({ session: id, ticket_type, people, tickets, offered }) => {
      const session = event.sessions.find((each) => each.id === id);
      if (session === undefined) return [];
      const type = session.ticket_types.find((each) => each.id === ticket_type)?.name ?? null;
      const { starts_at: startsAt, time_zone: timeZone } = session;
      return [{ key: `${id}/${ticket_type ?? ""}`, startsAt, timeZone, type, people, tickets, offered }];
    })
    .sort((a, b) => b.people - a.people);
